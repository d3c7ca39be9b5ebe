"""A replay with no broker: straight through the pipeline into a file, or only counted."""

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from schemas.signal import encode_signal
from streams.classify import Failed, Result, classified
from streams.formats import Fault, Read, Rejected
from streams.replay.items import ChangedInput, Item, Outbound
from streams.replay.job import Books, Job
from streams.replay.selection import WrongOption
from streams.replay.tally import Tally
from streams.text.language import is_read


def to_file(job: Job, output: Path, *, jobs: int, min_confidence: float) -> Tally:
    """Writes the signals as JSON lines in the order of the input, with so many processes.

    A resumed job cuts the file to what its checkpoint vouches for, and appends. Raises ChangedInput when that is not there,
    and WrongOption when the file cannot be written.
    """
    books = Books(job)
    if job.start.output_bytes and (not output.exists() or output.stat().st_size < job.start.output_bytes):
        raise ChangedInput(f"{output} is shorter than the {job.start.output_bytes} bytes that were written to it")
    try:
        opened = output.open("r+b" if job.start.output_bytes else "wb")
    except OSError as error:
        raise WrongOption(f"--output {output}: {error.strerror}") from None
    with opened as file:
        if job.start.output_bytes:  # never of a pipe: it could not be gone on with
            file.truncate(job.start.output_bytes)
            file.seek(job.start.output_bytes)
        try:
            _classify(job, books, file, jobs, min_confidence)
        finally:
            file.flush()
            books.keep(now=True)
    return books.tally


def _classify(job: Job, books: Books, file: BinaryIO, jobs: int, min_confidence: float) -> None:
    waiting: deque[tuple[Item, str | None]] = deque()

    def wanted() -> Iterator[Read]:
        for item, reason in job.decided():
            waiting.append((item, reason))
            if reason is None and isinstance(item.what, Outbound) and item.what.article is not None:
                yield item.what.article

    for result in classified(wanted(), min_confidence=min_confidence, jobs=jobs):
        _enter_without_article(waiting, books)
        item, reason = waiting.popleft()
        if isinstance(result, Result):
            lines = b"".join(encode_signal(signal) + b"\n" for signal in result.signals)
            file.write(lines)
            books.output_bytes += len(lines)
            books.enter(item, None if lines or is_read(result.article) else "language")
        else:
            books.enter(item, reason, _failure(item, result))
        file.flush()
        books.keep()
    _enter_without_article(waiting, books)


def _failure(item: Item, result: Failed | Rejected) -> Rejected:
    if isinstance(result, Rejected):
        return result
    raw = item.what.value or b"" if isinstance(item.what, Outbound) else b""
    return Rejected(item.mark.place, Fault.UNEXPECTED, f"article {result.article_id}: {result.detail}", raw)


def _enter_without_article(waiting: deque[tuple[Item, str | None]], books: Books) -> None:
    """Enters what stands before the next article in the order of the input."""
    while waiting:
        item, reason = waiting[0]
        tombstone = isinstance(item.what, Outbound) and item.what.article is None
        if reason is None and not tombstone:
            return
        waiting.popleft()
        books.enter(item, reason or "tombstone")


def dry(job: Job, show: Callable[[bytes], None], sample: int) -> Tally:
    """Only reads and counts, and shows the first articles that would be sent."""
    books = Books(job)
    for item, reason in job.decided():
        books.enter(item, reason)
        if reason is None and isinstance(item.what, Outbound) and item.what.value and books.tally.sent <= sample:
            show(item.what.value)
        books.keep()
    return books.tally
