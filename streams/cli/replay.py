"""`geosignals replay`: history in, to a topic of its own or to a file."""

import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.command import FAILED, Brokers, Config, Maps, UsageError, say, settings_of, written

_TOLD = 20
"""Failures that are said one by one when no file keeps them: an archive can have a million."""


def replay(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH…|-]", help="Files, folders, globs, -; with --from-topic: topics (else articles)."
        ),
    ] = None,
    from_topic: Annotated[bool, typer.Option("--from-topic", help="Back over a topic's own history.")] = False,
    since: Annotated[str | None, typer.Option(metavar="TIME", help="From this time on (ISO or epoch).")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Before this time.")] = None,
    from_offset: Annotated[int | None, typer.Option(min=0, help="With --from-topic: from this offset on.")] = None,
    to_offset: Annotated[int | None, typer.Option(min=0, help="With --from-topic: before this offset.")] = None,
    filter_: Annotated[
        list[str] | None, typer.Option("--filter", metavar="FIELD=VALUE", help="Also != < <= > >=; repeatable.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many articles.")] = None,
    rate: Annotated[str | None, typer.Option(metavar="N/s", help="At most so many articles a second.")] = None,
    speed: Annotated[str | None, typer.Option(metavar="10x", help="Paced by published_at, so much faster.")] = None,
    max_lag: Annotated[int | None, typer.Option(min=1, help="Wait while the worker is so far behind.")] = None,
    to_topic: Annotated[str | None, typer.Option(metavar="TOPIC", help="Default: the replay lane's topic.")] = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Signals here, with no broker at all.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="With --output: processes; the output is the same.")] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and count only, show a sample.")] = False,
    job_id: Annotated[str | None, typer.Option(help="Default: derived from input and options.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where the job was left.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Failures here as JSON lines, with their raw bytes.")
    ] = None,
    format_: Annotated[str | None, typer.Option("--format", metavar="NAME", help="The files' format.")] = None,
    map_: Maps = None,
    config: Config = None,
    brokers: Brokers = None,
) -> int:
    """Send articles of the past through the same code as live news, in a lane of their own.

    With files, since and until are compared with published_at; with --from-topic, with the records' own time.
    Exit 1 when anything could not be read or sent; a killed replay goes on with --resume.
    """
    from streams.formats.paths import is_among
    from streams.replay.items import ChangedInput
    from streams.replay.plan import Wish, carry_out
    from streams.replay.rejects import kept_in, told
    from streams.replay.selection import WrongOption

    settings = settings_of(config, brokers)
    if not paths and not from_topic:
        raise UsageError("replay needs PATHs (files, folders, globs, -) or --from-topic")
    wish = Wish(
        names=tuple(paths or ()), from_topic=from_topic, since=since, until=until, offsets=(from_offset, to_offset),
        filters=tuple(filter_ or ()), limit=limit, rate=rate, speed=speed, max_lag=max_lag, to_topic=to_topic,
        output=output, jobs=jobs, dry_run=dry_run, job_id=job_id, resume=resume, format=format_, maps=tuple(map_ or ()),
    )  # fmt: skip
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    files = () if from_topic else wish.names
    if output is not None and not dry_run and is_among(output, files):
        raise UsageError(f"--output {output}: this file is one of the inputs")
    with ExitStack() as stack:
        reject = told(say, _TOLD)
        if rejects is not None:
            reject = kept_in(written(rejects, "--rejects", files, stack, "a" if resume else "w"))
        try:
            tally = carry_out(wish, settings, reject, say, sys.stdout.buffer)
        except (WrongOption, ChangedInput) as error:
            raise UsageError(str(error)) from error
    return FAILED if tally.failed else 0
