"""The first of the million mutated messages of `make soak`, with every change."""

from schemas.article import Article
from streams.pipeline import read
from tests.soak.fuzz import fuzz
from tests.soak.mutations import mutated, texts


def test_mutated_messages_crash_nothing_hang_nothing_and_break_no_promise() -> None:
    assert fuzz(1_000, seed=6) == 0


def test_a_number_always_gives_the_same_message_and_many_are_articles() -> None:
    source = texts()
    messages = [mutated(number, 6, source) for number in range(200)]
    assert messages == [mutated(number, 6, source) for number in range(200)]
    assert len(set(messages)) == 200
    assert 80 < sum(isinstance(read(message), Article) for message in messages) < 180
