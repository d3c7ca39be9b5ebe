"""Articles through the pipeline with no broker: in one process or several, the same output in the same order."""

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context, parent_process

from schemas.article import Article
from schemas.signal import Signal
from streams import pipeline
from streams.formats import Read, Rejected
from streams.text.language import is_read

_CHUNK = 32  # articles for one trip to another process: few enough to keep the output flowing


@dataclass(frozen=True, slots=True)
class Result:
    """An article and its signals, in the pipeline's order."""

    article: Article
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """An article on which a detector raised: a bug of ours, which costs that article and no other."""

    article_id: str
    detail: str


Outcome = Result | Failed | Rejected
_Found = tuple[Signal, ...] | Failed
"""What comes back from another process: not the article, which is still here."""


def classified(
    reads: Iterable[Read], *, kinds: frozenset[str] | None = None, min_confidence: float = 0.0, jobs: int = 1
) -> Iterator[Outcome]:
    """An outcome for each article and each rejected record, in input order; what was passed over gives nothing.

    Raises SeedError for a broken seed.
    """
    work = partial(_chunk, kinds=kinds, min_confidence=min_confidence)
    chunks = _chunks(reads)
    if jobs == 1:
        for chunk in chunks:
            yield from map(_outcome, chunk, work(chunk))
        return
    # spawned, not forked: the same on every system, and no thread or lock of this process comes along
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        waiting: deque[tuple[list[Article | Rejected], Future[list[_Found]]]] = deque()

        def oldest() -> Iterator[Outcome]:
            chunk, found = waiting.popleft()
            return map(_outcome, chunk, found.result())

        try:
            for chunk in chunks:
                waiting.append((chunk, pool.submit(work, chunk)))
                if len(waiting) > 2 * jobs:  # bounded: input may be endless
                    yield from oldest()
            while waiting:
                yield from oldest()
        finally:  # on Ctrl-C what was not begun is not waited for; what was is, or the pool's pipes close under its thread
            pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """A process of a pool waits for work for ever, also when there is nobody left to give it any."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _chunks(reads: Iterable[Read]) -> Iterator[list[Article | Rejected]]:
    wanted = (read for read in reads if isinstance(read, Article | Rejected))
    while chunk := list(islice(wanted, _CHUNK)):
        yield chunk


def _chunk(reads: list[Article | Rejected], kinds: frozenset[str] | None, min_confidence: float) -> list[_Found]:
    pipeline.load()  # once a process; here, for a broken seed is no failure of each article
    return [() if isinstance(read, Rejected) else _found(read, kinds, min_confidence) for read in reads]


def _found(article: Article, kinds: frozenset[str] | None, min_confidence: float) -> _Found:
    """As the worker does it: no signal from an article in a language that we do not read, and one bug stops nothing."""
    if not is_read(article):
        return ()
    try:
        return pipeline.signals(article, kinds, min_confidence)
    except Exception as error:  # noqa: BLE001  what the worker would make a dead letter
        return Failed(article.id, f"{type(error).__name__}: {error}")


def _outcome(read: Article | Rejected, found: _Found) -> Outcome:
    if isinstance(read, Rejected):
        return read
    return found if isinstance(found, Failed) else Result(read, found)
