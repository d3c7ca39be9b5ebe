"""Mutated messages through `read` and `signals`, in this process: no crash, no hang, and every promise on what comes out."""

import signal
import time
from collections import Counter
from types import FrameType

from schemas.article import Article
from schemas.signal import Signal, decode_signal, encode_signal, signal_id
from streams.pipeline import Skipped, Unreadable, load, read, signals
from tests.soak.mutations import Texts, mutated, texts

LIMIT = 5.0
"""Seconds of work in which a message of a few kilobytes must be done, on the slowest machine."""
AGAIN = 20
"""Every so many messages one is done twice: the same bytes must come out."""
_SHOWN = 10


class TooSlow(Exception):
    """A message took longer than the limit."""


def promises_broken(found: Article | Unreadable | Skipped, *, twice: bool) -> tuple[str, ...]:
    """What is wrong with what comes out for a message; nothing when all is well. Raises whatever the pipeline raises."""
    if not isinstance(found, Article):
        return () if not isinstance(found, Unreadable) or (found.detail and len(found.detail) <= 300) else ("detail",)
    out = signals(found)
    wrong = [f"{signal.kind}: {what}" for signal in out for what in _wrong(signal, found)]
    if len({signal.id for signal in out}) != len(out):
        wrong.append("an id comes twice")
    if {signal.kind: 1 for signal in out} != Counter(signal.kind for signal in out if signal.main):
        wrong.append("not one main signal of each kind")
    if twice and list(map(encode_signal, signals(found))) != list(map(encode_signal, out)):
        wrong.append("other bytes the second time")
    return tuple(wrong)


def _wrong(signal: Signal, article: Article) -> tuple[str, ...]:
    text = article.text
    checks = {
        "a quote is not its slice": all(text[e.start : e.end] == e.quote != "" for e in signal.evidence),
        "it changes on the wire": decode_signal(encode_signal(signal)) == signal,
        "its id does not follow from its payload": signal.id == signal_id(article.id, signal.payload),
    }
    return tuple(what for what, holds in checks.items() if not holds)


def fuzz(messages: int, seed: int, first: int = 0) -> int:
    """Runs the messages and prints what was found; the number of findings."""
    load()
    source, findings, classified, slowest, began = texts(), 0, 0, (0.0, 0), time.monotonic()
    signal.signal(signal.SIGVTALRM, _too_slow)
    for number in range(first, first + messages):
        raw = mutated(number, seed, source)
        started = time.process_time()
        what, is_article = _tried(raw, twice=number % AGAIN == 0)
        classified += is_article
        slowest = max(slowest, (time.process_time() - started, number))
        if what:
            findings += 1
            if findings <= _SHOWN:
                print(f"message {number} of seed {seed}: {'; '.join(what)}", flush=True)
        if (done := number - first + 1) % 100_000 == 0 or done == messages:
            seconds = time.monotonic() - began
            print(
                f"fuzz: {done:,} messages in {seconds:,.0f} s, {classified:,} classified, {findings} findings, "
                f"slowest {slowest[0] * 1000:.0f} ms (message {slowest[1]})",
                flush=True,
            )
    return findings


def again(number: int, seed: int, source: Texts | None = None) -> bytes:
    """The bytes of a finding, to make a case of."""
    return mutated(number, seed, source or texts())


def _tried(raw: bytes, *, twice: bool) -> tuple[tuple[str, ...], bool]:
    """What is wrong, and whether the message was an article and went through the detectors."""
    found = None
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        found = read(raw)
        return promises_broken(found, twice=twice), isinstance(found, Article)
    except Exception as error:  # noqa: BLE001  a crash is what is looked for
        return (f"{type(error).__name__}: {error}"[:300],), isinstance(found, Article)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise TooSlow(f"more than {LIMIT:g} s")
