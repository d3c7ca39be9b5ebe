"""Whatever a record holds, it gives its signals, one dead letter, or a reason to pass it over: never an exception."""

from hypothesis import given
from hypothesis import strategies as st

from streams.app.records import Headers, Incoming
from streams.app.verdict import judge
from streams.metrics import Failure
from streams.pipeline import read, signals
from streams.settings import TopicSettings
from tests.faults.load import message

_headers = st.lists(
    st.tuples(
        st.sampled_from(["ce_id", "ce_type", "content-type", "geo.errors.attempt", "x"]), st.none() | st.binary()
    ),
    max_size=4,
).map(tuple)
_values = st.none() | st.binary(max_size=100) | st.integers(0, 50).map(message)


@given(_values, st.none() | st.binary(max_size=20), _headers, st.none() | st.integers(0, 2**62))
def test_a_record_gives_signals_or_one_dead_letter_or_is_passed_over(
    value: bytes | None, key: bytes | None, headers: Headers, stamp: int | None
) -> None:
    incoming = Incoming("t", 0, 7, stamp, key, value, headers)
    verdict = judge(incoming, read, signals, TopicSettings())
    if verdict.fault is not None:
        (letter,) = verdict.records
        assert (letter.key, letter.value, letter.timestamp_ms) == (key, value, stamp)
        kept = tuple(header for header in headers if not header[0].startswith("geo.errors."))
        assert letter.headers[: len(kept)] == kept
        assert verdict.fault.code != Failure.UNEXPECTED
    else:
        assert len(verdict.records) == len(verdict.kinds)
        assert verdict.skipped is None or not verdict.records
    assert verdict == judge(incoming, read, signals, TopicSettings())
