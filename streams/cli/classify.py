"""`geosignals classify`: articles in, signals out, no broker."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.command import (
    FAILED,
    Config,
    Kinds,
    Maps,
    MinConfidence,
    UsageError,
    kinds_of,
    say,
    settings_of,
    written,
)

if TYPE_CHECKING:
    from streams.classify import Result


def classify(
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILE…|-]", help="Articles; - or none: stdin.")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="The input's format; else told by name and content.")
    ] = None,
    map_: Maps = None,
    kind: Kinds = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes; the output is the same.")] = 1,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Unreadable input here as JSON lines: place, reason, detail, raw bytes."),
    ] = None,
    pretty: Annotated[bool, typer.Option(help="Show each signal with its evidence marked in the text.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="The same, and below each signal the features that decided for it.")
    ] = False,
    min_confidence: MinConfidence = None,
    config: Config = None,
) -> int:
    """Read articles from files or standard input and write their signals as JSON lines, in input order.

    Exit 1 when some of the input could not be read.
    """
    settings, kinds = settings_of(config, min_confidence=min_confidence, chatty=False), kinds_of(kind)
    from streams.classify import Failed, Result, classified
    from streams.formats import Choice, Fault, Rejected, mapped, read_source, sources
    from streams.replay.rejects import kept_in, told

    try:
        choice = Choice(format_, mapped(map_ or ()))
    except ValueError as error:
        raise UsageError(str(error)) from error
    names = files or ["-"]
    show = partial(_explained, kinds=kinds) if explain else _pretty if pretty else _json_lines
    unreadable = 0
    with ExitStack() as stack:
        reject = told(say) if rejects is None else kept_in(written(rejects, "--rejects", names, stack))
        reads = (read for source in sources(names) for read in read_source(source, choice))
        for result in classified(reads, kinds=kinds, min_confidence=settings.min_confidence, jobs=jobs):
            if isinstance(result, Result):
                show(result)
                continue
            if isinstance(result, Failed):
                result = Rejected(f"article {result.article_id}", Fault.UNEXPECTED, result.detail)
            unreadable += 1
            reject(result)
    sys.stdout.flush()
    if unreadable:
        say(f"geosignals: {unreadable} unreadable" + (f", see {rejects}" if rejects is not None else ""))
    return FAILED if unreadable else 0


def _json_lines(result: "Result") -> None:
    from schemas.signal import encode_signal

    for signal in result.signals:
        sys.stdout.write(encode_signal(signal).decode() + "\n")


def _explained(result: "Result", kinds: frozenset[str] | None) -> None:
    from streams.pipeline import explained

    why = {signal.id: features for signal, features in explained(result.article, kinds)}
    _pretty(result, [why[signal.id] for signal in result.signals])


def _pretty(result: "Result", why: Sequence[Sequence[tuple[str, float]]] = ()) -> None:
    """Each signal marked in the text; `why` has the features that decided for each of them, or is empty."""
    from rich.console import Console

    from streams.logs import escaped
    from streams.show import because, marked

    console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
    console.print(escaped(result.article.title or result.article.id), style="bold underline", markup=False)
    for signal, features in zip_longest(result.signals, why):
        for line in marked(result.article, signal):
            console.print(line)
        if features is not None:
            console.print(because(features))
    if not result.signals:
        console.print("no signal", style="dim")
    console.print()
