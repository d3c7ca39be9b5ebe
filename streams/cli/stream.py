"""`geosignals run` and `geosignals worker`."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.command import Brokers, Config, Kinds, MinConfidence, UsageError, kinds_of, say, settings_of

if TYPE_CHECKING:
    from streams.formats import Read
    from streams.settings import Settings


class LaneChoice(StrEnum):
    """What a worker reads."""

    LIVE = "live"
    REPLAY = "replay"
    BOTH = "both"


def worker(
    lane: Annotated[
        LaneChoice, typer.Option(help="News as it happens, history sent in again, or both.")
    ] = LaneChoice.LIVE,
    kind: Kinds = None,
    min_confidence: MinConfidence = None,
    config: Config = None,
    brokers: Brokers = None,
) -> int:
    """Read articles from Kafka and write signals to Kafka, until SIGTERM.

    Each lane, and each choice of kinds, is a consumer group of its own. Exit 70: it left without acknowledging, so start
    it again.
    """
    from streams.app.lanes import group_name
    from streams.app.serve import Exit, leave
    from streams.app.work import work
    from streams.kafka import require_topics, wait_for_group
    from streams.metrics import Lane

    settings, kinds = settings_of(config, brokers, min_confidence), kinds_of(kind)
    lanes = tuple(Lane) if lane is LaneChoice.BOTH else (Lane(lane),)
    require_topics(settings)
    for each in lanes:  # a group that we may not use is said here: the client would only wait
        wait_for_group(settings.kafka, group_name(settings, each, kinds))
    code = work(settings, lanes, kinds)
    if code is Exit.UNACKED:
        leave(code)
    return code


def run(
    paths: Annotated[list[str] | None, typer.Argument(metavar="[PATH…]", help="Articles to send in.")] = None,
    once: Annotated[bool, typer.Option("--once", help="End when all articles sent are done.")] = False,
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", metavar="DIR", help="Keep the embedded Kafka's data here.")
    ] = None,
    min_confidence: MinConfidence = None,
    config: Config = None,
    brokers: Brokers = None,
) -> int:
    """Everything on one machine: a Kafka (unless --brokers names one), the topics, the worker, articles in, signals out.

    Without PATHs the articles of seeds/articles are sent in. Signals come out as JSON lines, or as one readable line
    each on a terminal. Ends on Ctrl-C.
    """
    if brokers is not None and data_dir is not None:
        raise UsageError("--data-dir is for the embedded Kafka: leave it out with --brokers")
    settings = settings_of(config, brokers, min_confidence, chatty=False)
    from streams.app.serve import Exit, leave
    from streams.embedded import Broker
    from streams.run import Wish, run
    from streams.settings import cache_dir

    broker = None if brokers is not None else Broker(cache_dir(), data_dir=data_dir, say=say)
    code = run(_with_free_port(settings), Wish(_articles(paths), once, broker), say)
    if code is Exit.UNACKED:
        leave(code)
    return code


def _with_free_port(settings: "Settings") -> "Settings":
    """The settings, with any free port for the pages when nobody asked for one and the usual one is taken.

    Two runs side by side must not collide; a worker, whose port is configured somewhere, must say so instead.
    """
    from streams.health import is_free

    metrics = settings.metrics
    if "port" in metrics.model_fields_set or is_free(metrics.host, metrics.port):
        return settings
    return settings.model_copy(update={"metrics": metrics.model_copy(update={"port": 0})})


def _articles(paths: list[str] | None) -> "Callable[[], Iterable[Read]]":
    """The records of the files named, else of the seeds; opened when called. Raises UsageError for paths that are not there."""
    from streams.formats import Choice, read_source, sources
    from streams.text.seedfile import SEEDS

    names = paths or sorted(str(path) for path in (SEEDS / "articles").glob("*.articles.jsonl"))
    for source in sources(names):
        if source.refused is not None:
            raise UsageError(f"{source.refused.place}: {source.refused.detail}")
    return lambda: (read for source in sources(names) for read in read_source(source, Choice()))
