"""The worker as a whole: pipeline, metrics, pages, lanes; what `geosignals worker` and `geosignals run` both call."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from schemas.signal import Signal
from streams import logs, pipeline
from streams.app.build import LaneApp, build_app
from streams.app.priority import step_back
from streams.app.serve import Exit, Stop, serve
from streams.app.verdict import Read
from streams.health import Health, Pages
from streams.metrics import Lane, Metrics
from streams.settings import Settings

log = logs.get(__name__)


Classify = Callable[..., tuple[Signal, ...]]
"""An article to its signals; takes `kinds` and `min_confidence` as keywords."""


@dataclass(frozen=True, slots=True)
class Running:
    """What a companion of the worker may look at and use: where the pages are, the lanes, and the wish to stop."""

    pages_url: str
    lanes: Sequence[LaneApp]
    metrics: Metrics
    stop: Stop


def work(
    settings: Settings,
    lanes: Sequence[Lane],
    kinds: frozenset[str] | None = None,
    companion: Callable[[Running], None] | None = None,
    *,
    read: Read = pipeline.read,
    classify: Classify = pipeline.signals,
) -> Exit:
    """Runs the lanes until a signal, the companion's wish, or a failure. Raises PagesUnavailable.

    `companion` is called once when everything is set up, and must return soon: threads of its own do its work.
    `read` and `classify` are the pipeline's two functions; tests pass others, which raise.
    Raises SeedError for a broken seed, before anything is started.
    After UNACKED the caller leaves the process without tidying: nothing more may be committed.
    """
    if all(lane is Lane.REPLAY for lane in lanes):
        step_back(settings.worker.replay_niceness)
    pipeline.load()
    metrics = Metrics(version("geosignals"), pipeline.rules_version())
    health = Health(settings.worker.stall_seconds)
    chosen = partial(classify, kinds=kinds, min_confidence=settings.min_confidence)

    async def main() -> Exit:
        stop = Stop(settings.worker.shutdown_seconds)
        stop.on_signals()
        apps = [build_app(settings, lane, read, chosen, metrics, health, kinds) for lane in lanes]
        if companion is not None:
            companion(Running(pages.url, apps, metrics, stop))
        return await serve(apps, settings, metrics, health, stop)

    with Pages(metrics.registry, health, settings.metrics.host, settings.metrics.port) as pages:
        log.info("pages", metrics=f"{pages.url}/metrics", health=f"{pages.url}/healthz", ready=f"{pages.url}/readyz")
        # not asyncio.run: it would wait for the tasks of an app that failed, and those may commit
        return asyncio.new_event_loop().run_until_complete(main())
