"""What went back is remembered exactly, in what Kafka keeps beside an offset, or the requeue says that it cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.dlq.ledger import METADATA_BYTES, TooScattered, holds, merged, read, written

offsets = st.frozensets(st.integers(0, 200), max_size=60)


@given(offsets, st.integers(0, 200))
def test_what_is_written_is_read_again(settled: frozenset[int], begin: int) -> None:
    again = read(*written(merged((each, each + 1) for each in settled), begin))
    assert {at for at in range(202) if holds(again, at)} == settled | frozenset(range(begin))


@pytest.mark.parametrize("text", ["nonsense", "AAAA", "eJw=", "é"])
def test_a_text_of_somebody_else_counts_as_no_memory(text: str) -> None:
    assert read(5, text) == ((0, 5),)


def test_what_does_not_fit_beside_an_offset_is_refused() -> None:
    every_other = tuple((at, at + 1) for at in range(1, 40_000, 2))
    assert len(written(every_other, 0)[1]) <= METADATA_BYTES
    scattered = tuple((at * at, at * at + 1) for at in range(1, 20_000))
    with pytest.raises(TooScattered, match="leave --reason out"):
        written(scattered, 0)
