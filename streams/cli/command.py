"""What all commands share: registering, errors as one line with the right exit code, common options."""

import functools
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from streams.settings import Settings

FAILED, USAGE, INTERRUPTED = 1, 2, 130

Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings in TOML; the environment goes before them.")
]
Brokers = Annotated[
    str | None, typer.Option("--brokers", metavar="HOST:PORT,…", help="Kafka's bootstrap servers.", show_default=False)
]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=NAME",
        help="Columns of tables, keys of JSON: title=headline; may be given several times.",
    ),
]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", metavar="KIND", help="Only this kind; may be given several times.")
]

MinConfidence = Annotated[
    float | None,
    typer.Option(
        "--min-confidence",
        min=0,
        max=1,
        metavar="P",
        help="No signal of a lower confidence: fewer, and more of them right.",
    ),
]


def command(
    app: typer.Typer, name: str, cls: type[TyperCommand] | None = None
) -> Callable[[Callable[..., int | None]], None]:
    """Registers a function as a command; what it returns is the exit code, None is 0. `cls` parses what typer cannot."""

    def register(function: Callable[..., int | None]) -> None:
        @functools.wraps(function)
        def guarded(*args: Any, **options: Any) -> None:
            raise typer.Exit(_exit_code(function, args, options))

        app.command(name, cls=cls)(guarded)

    return register


def _exit_code(function: Callable[..., int | None], args: Any, options: Any) -> int:
    try:
        return function(*args, **options) or 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has gone; python must not fail on it once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        code = _known(error)
        if code is None:
            raise
        say(f"geosignals: {error}")
        return code


def _known(error: Exception) -> int | None:
    """The exit code of an error that says itself what to do; None for all others. By name: their modules are heavy."""
    codes = {
        "SettingsError": USAGE,
        "PagesUnavailable": USAGE,
        "SeedError": USAGE,
        "UsageError": USAGE,
        "BrokerUnavailable": FAILED,
        "KafkaUnavailable": FAILED,
        "OSError": FAILED,  # a full disk, a file that was taken away
    }
    return next((codes[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in codes), None)


class UsageError(Exception):
    """The command line asks for something that does not exist."""


def say(line: str) -> None:
    """A line for the user, on standard error."""
    print(line, file=sys.stderr, flush=True)


def written(path: Path, option: str, inputs: Iterable[str], stack: ExitStack, mode: str = "w") -> IO[str]:
    """The file that an option names, open for text until the stack ends. Raises UsageError, also for one of the inputs."""
    from streams.formats.paths import is_among

    if is_among(path, inputs):
        raise UsageError(f"{option} {path}: this file is one of the inputs")
    try:
        # a file name that is no UTF-8 must not stop the report of what is in the file
        return stack.enter_context(path.open(mode, encoding="utf-8", errors="backslashreplace"))
    except OSError as error:
        raise UsageError(f"{option} {path}: {error.strerror}") from error


def settings_of(
    config: Path | None, brokers: str | None = None, min_confidence: float | None = None, *, chatty: bool = True
) -> "Settings":
    """The settings in force, with logging set up by them; a None is an option not given. Raises SettingsError.

    Commands whose own output says all (`chatty` False) log warnings only, unless a level was set.
    """
    from streams import logs
    from streams.settings import LogLevel, load, secrets_of

    settings = load({"kafka": {"bootstrap_servers": brokers}, "min_confidence": min_confidence}, config)
    log = settings.log
    if not chatty and "level" not in log.model_fields_set:
        log = log.model_copy(update={"level": LogLevel.WARNING})
    logs.configure(log, secrets=secrets_of(settings))
    return settings


def kinds_of(names: list[str] | None) -> frozenset[str] | None:
    """The kinds chosen, None for all. Raises UsageError for one that does not exist."""
    from schemas.signal import PAYLOADS

    chosen = frozenset(name.replace("-", "_") for name in names or ())
    if unknown := sorted(chosen - PAYLOADS.keys()):
        raise UsageError(f"--kind {unknown[0]}: there is no such kind; there are {', '.join(PAYLOADS)}")
    return chosen or None
