"""Which articles a replay takes, how fast, and where it goes on: without a broker."""

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.article import Article
from streams.formats import Choice, Fault, Rejected, sources
from streams.replay import checkpoint
from streams.replay.checkpoint import Checkpoint
from streams.replay.items import ChangedInput, FileMark, TopicMark, encoded, file_items
from streams.replay.job import Books, Job
from streams.replay.pace import Pace
from streams.replay.plan import Wish
from streams.replay.rejects import kept_in, told
from streams.replay.selection import Selection, WrongOption, filter_of, moment, rate_of, speed_of
from streams.replay.tally import Tally
from streams.settings import KafkaSettings
from tests.replay.conftest import jsonl, numbered

ARTICLE = Article(
    id="a", title="T", source="Reuters", tags=("x", "y"), version=2, published_at=datetime(2024, 1, 2, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("source=Reuters", True),
        ("source = AP", False),
        ("source!=AP", True),
        ("url=x", False),
        ("url!=x", True),
        ("tags=y", True),
        ("tags!=y", False),
        ("tags!=z", True),
        ("version>=2", True),
        ("version<2", False),
        ("published_at>=2024-01-02", True),
        ("published_at<1704153600", False),
        ("truncated=false", True),
    ],
)
def test_a_filter_compares_one_field(text: str, matches: bool) -> None:
    assert filter_of(text).matches(ARTICLE) is matches


@pytest.mark.parametrize("text", ["source", "colour=red", "version=two", "published_at>soon", "=x"])
def test_a_filter_that_compares_nothing_is_refused(text: str) -> None:
    with pytest.raises(WrongOption):
        filter_of(text)


def test_since_is_inclusive_and_until_exclusive() -> None:
    first, last = moment("2024-01-01", "--since"), moment("2024-01-02T00:00:00+00:00", "--until")
    selection = Selection(since=first, until=last)
    assert selection.reason_against(ARTICLE, first) is None
    assert selection.reason_against(ARTICLE, last) == "until"
    assert selection.reason_against(ARTICLE, first - timedelta(microseconds=1)) == "since"
    assert selection.reason_against(ARTICLE, None) == "undated"


@pytest.mark.parametrize(("text", "rate"), [("100/s", 100), ("5", 5), ("6000/m", 100), ("3600/h", 1), ("0.5/s", 0.5)])
def test_rates_are_articles_a_second(text: str, rate: float) -> None:
    assert rate_of(text) == rate


@pytest.mark.parametrize("text", ["0", "-1", "fast", "1/day", ""])
def test_a_rate_or_speed_that_is_none_is_refused(text: str) -> None:
    for parse in (rate_of, speed_of):
        with pytest.raises(WrongOption):
            parse(text)


@dataclass
class Hands:
    """A clock that stands still until it is told to sleep."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(pace: Pace, clock: Hands, times: list[datetime | None]) -> list[float]:
    """When each of the articles went."""
    gone = []
    for when in times:
        clock.sleep(pace.wait(when))
        pace.sent()
        gone.append(round(clock.now, 6))
    return gone


def test_speed_keeps_the_time_between_articles_so_much_shorter() -> None:
    begin, clock = datetime(2024, 1, 1, tzinfo=UTC), Hands()
    times = [begin, begin + timedelta(days=1), None, begin + timedelta(hours=1), begin + timedelta(days=365)]
    assert paced(Pace(clock, speed=86_400), clock, times) == [0, 1, 1, 1, 365]


def test_a_rate_is_not_made_up_for_after_a_pause() -> None:
    clock = Hands()
    pace = Pace(clock, rate=2)
    assert paced(pace, clock, [None] * 3) == [0, 0.5, 1.0]
    clock.sleep(100)
    assert paced(pace, clock, [None] * 2) == [101.0, 101.5]


def test_a_position_is_gone_on_from_exactly(tmp_path: Path) -> None:
    for name, begin in (("1.jsonl", 0), ("2.jsonl", 3), ("3.jsonl", 6)):
        jsonl(tmp_path / name, numbered(9)[begin : begin + 3])
    everything = list(file_items(sources([str(tmp_path)]), Choice(), {}))
    for done, item in enumerate(everything, 1):
        rest = list(file_items(sources([str(tmp_path)]), Choice(), item.mark.onto({})))
        assert rest == everything[done:]


def test_a_file_that_is_another_or_shorter_is_refused(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "1.jsonl", numbered(3))
    for mark in (FileMark(0, "other.jsonl", 1), FileMark(0, str(source), 4)):
        with pytest.raises(ChangedInput):
            list(file_items(sources([str(source)]), Choice(), mark.onto({})))


def test_a_file_that_grew_is_gone_on_with(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "1.jsonl", numbered(3))
    done = FileMark(0, str(source), 3).onto({})
    jsonl(source, numbered(5))
    rest = list(file_items(sources([str(source)]), Choice(), done))
    assert [item.mark.records for item in rest if isinstance(item.mark, FileMark)] == [4, 5]


def test_offsets_of_partitions_are_kept_side_by_side() -> None:
    position = TopicMark("t/1", 7).onto(TopicMark("t/0", 3).onto({}))
    assert position == {"t/0": 3, "t/1": 7}


def test_a_checkpoint_comes_back_as_it_was_written_and_belongs_to_its_job(tmp_path: Path) -> None:
    path = checkpoint.path_of(tmp_path, "job")
    state = Checkpoint("j1", {"index": 1, "source": "a", "records": 2}, Tally(5, 3, {"since": 2}), 77, {"t/0": 9})
    assert checkpoint.read(path, "j1") == Checkpoint("j1")
    checkpoint.write(path, state)
    assert checkpoint.read(path, "j1") == state
    with pytest.raises(ChangedInput):
        checkpoint.read(path, "j2")
    path.write_text("{")
    with pytest.raises(ChangedInput):
        checkpoint.read(path, "j1")


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".hidden"])
def test_a_job_id_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="job-id"):
        checkpoint.path_of(tmp_path, name)


def test_the_books_agree_with_the_position_at_every_step(tmp_path: Path) -> None:
    source = tmp_path / "n.jsonl"
    source.write_text('{"id": "a", "title": "t"}\nbroken\n{"id": "b", "title": "t", "source": "AP"}\n')
    rejects, path = io.StringIO(), tmp_path / "state.json"
    items = file_items(sources([str(source)]), Choice(), {})
    job = Job("j", items, Selection(filters=(filter_of("source!=AP"),)), Checkpoint("j"), path, kept_in(rejects))
    books = Books(job)
    seen = []
    for item, reason in job.decided():
        books.enter(item, reason)
        books.keep(now=True)
        state = checkpoint.read(path, "j")
        seen.append((state.position["records"], state.tally.read, state.tally.sent))
    assert seen == [(1, 1, 1), (2, 2, 1), (3, 3, 1)]
    assert books.tally.report() == "read 3, sent 1, skipped 1 (filter 1), failed 1 (not_json 1)"
    assert json.loads(rejects.getvalue())["raw"] == "broken"


def test_failures_are_told_one_by_one_up_to_a_number_and_let_no_escape_through() -> None:
    said: list[str] = []
    tell = told(said.append, at_most=2)
    for number in range(5):
        tell(Rejected(f"a\x1b.jsonl:{number}", Fault.BAD_RECORD, "broken"))
    assert said == [
        r"a\x1b.jsonl:0: bad_record: broken",
        r"a\x1b.jsonl:1: bad_record: broken",
        "more failures are counted only; --rejects FILE keeps them all",
    ]


def test_files_that_went_since_the_checkpoint_are_missed(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "1.jsonl", numbered(3))
    with pytest.raises(ChangedInput, match="there are 1 files"):
        list(file_items(sources([str(source)]), Choice(), FileMark(1, "2.jsonl", 1).onto({})))


def test_a_job_is_known_by_where_its_input_lies_and_where_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = KafkaSettings(), KafkaSettings(bootstrap_servers="kafka:9092")
    wish = Wish(names=("archive",))
    first = wish.described(here)
    assert wish.described(there) != first
    assert Wish(names=("archive",), rate="1/s", max_lag=5).described(here) == first
    offline = Wish(names=("archive",), output=Path("out"))
    assert offline.described(here) == offline.described(there)
    monkeypatch.chdir(tmp_path)
    assert wish.described(here) != first


@pytest.mark.parametrize(
    "body",
    [
        "plain",
        "<p>one</p><p>two</p>",
        "&lt;p&gt;twice&lt;/p&gt;",
        "&amp;lt;b&amp;gt;thrice",
        "a < b <b>c</b>",
        "\x0b \ud7ff",
    ],
)
def test_an_article_sent_again_is_the_same_article(body: str) -> None:
    article = Article.model_validate({"id": "a", "body": "<p>x</p>" + body})
    assert Article.model_validate_json(encoded(article), strict=False) == article
