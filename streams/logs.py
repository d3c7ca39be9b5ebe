"""Logs: events with fields on standard error, JSON for machines, lines for people; libraries' logs in the same form."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from streams.settings import LogFormat, LogSettings

_LIBRARIES = ("faust", "mode", "aiokafka", "kafka", "asyncio")
# what a terminal, a log viewer or the next line could mistake for its own: C0, DEL, C1, line and paragraph separators,
# and the marks that turn the direction of text
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_KEEPS_LINES = ("exception", "stack")  # written by us, several lines by nature
_FIRST = ("ts", "level", "event")
_MAX_TEXT = 2000


def configure(settings: LogSettings, *, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Sets logging up for the whole process; `secrets` are starred out wherever they turn up."""
    out = stream or sys.stderr
    as_json = settings.format is LogFormat.JSON or (settings.format is LogFormat.AUTO and not out.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
        structlog.processors.format_exc_info,
        _Harmless(tuple(secret for secret in secrets if secret)),
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(sort_keys=False, ensure_ascii=False, default=str)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=out.isatty(), timestamp_key="ts", exception_formatter=_plain_traceback
        )
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.PositionalArgumentsFormatter(),
                *shared,
                structlog.stdlib.add_logger_name,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    _attach(handler, getattr(logging, settings.level.upper()))


def _attach(handler: logging.Handler, level: int) -> None:
    """All logs to one handler; the everyday lines of libraries are our debug lines."""
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.INFO if level <= logging.DEBUG else max(level, logging.WARNING))
    if level > logging.DEBUG:
        hush("kafka")  # what goes wrong there comes to us as an exception, and is said once, in our words


def hush(library: str) -> None:
    """A library says nothing from here on."""
    logging.getLogger(library).setLevel(logging.CRITICAL + 1)


def get(name: str) -> Any:
    """A logger: `log.info("event_name", field=value)`."""
    return structlog.stdlib.get_logger(name)


def escaped(text: str) -> str:
    r"""The text with control characters as `\xNN` or `\uNNNN`, so that no terminal obeys what a stranger wrote."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def harmless(text: str) -> str:
    """Escaped, and cut where it is too long for a log line or a header."""
    return escaped(text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…")


class _Harmless:
    """A structlog processor: nothing that a stranger wrote, and no secret, reaches the line as it is."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = secrets

    def __call__(self, logger: object, method: str, event: EventDict) -> EventDict:
        first = {key: event[key] for key in _FIRST if key in event}
        return {key: self._safe(key, value) for key, value in {**first, **event}.items()}

    def _safe(self, key: str, value: object) -> object:
        if key.startswith("_") or value is None or isinstance(value, bool | int | float):
            return value  # `_record` and its like belong to structlog
        text = value if isinstance(value, str) else str(value)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        if key in _KEEPS_LINES:
            return "\n".join(harmless(line) for line in text.split("\n"))
        return harmless(text)


def _plain_traceback(out: TextIO, exc_info: object) -> None:
    """Never called with tracebacks: `format_exc_info` has made them text, without local variables, before."""
    out.write(str(exc_info))
