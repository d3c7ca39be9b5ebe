"""Signals for people: one line each as they arrive, or with their evidence marked in the article's text."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from rich.text import Text

from schemas.article import Article
from schemas.signal import Evidence, Signal
from streams.logs import escaped

# the payloads' fields by the part they play on a line; a kind with other names shows what it shares with these
_WHO = ("supplier", "speaker", "actor")
_WHOM = ("recipient", "targets", "target")
_WHAT = ("stage", "stance", "act")
_WHEREWITH = ("weapons", "measures")
_STYLES = ("bold cyan", "bold magenta", "bold yellow", "bold green", "bold blue", "bold red")


def signal_line(signal: Signal, stamp: datetime | None = None) -> Text:
    """One line: time, kind, who → whom, what, with what, the quote. `stamp` stands in for an unknown publication time."""
    payload = signal.payload
    time = signal.article.published_at or stamp
    who = _first(payload, _WHO)
    if (actor := _text(getattr(payload, "speaker_actor", None))) and actor != who:
        who = f"{who} ({actor})"
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{time:%Y-%m-%d %H:%M}" if time else " " * 16, "dim")
    line.append(f"  {signal.kind:<20} ", "bold" if signal.main else "")
    line.append(f" {who or '?'} → {_first(payload, _WHOM) or '?'}", "cyan")
    line.append(f"  {_first(payload, _WHAT)}", "magenta")
    if things := _first(payload, _WHEREWITH):
        line.append(f"  {things}", "yellow")
    if signal.realis != "actual":
        line.append(f"  [{signal.realis}]", "dim")
    if quote := _quote(signal):
        line.append(f"  “{quote}”", "green")
    return line


def marked(article: Article, signal: Signal) -> Iterator[Text]:
    """The signal's line, then each paragraph that holds evidence, every piece of it as `[words]field`."""
    header = signal_line(signal)
    header.append(f"  {signal.confidence:.2f}{'  main' if signal.main else ''}", "dim")
    yield header
    styles = {field: _STYLES[at % len(_STYLES)] for at, field in enumerate(_fields(signal.evidence))}
    start = 0
    for paragraph in article.text.split("\n"):
        end = start + len(paragraph)
        inside = [piece for piece in signal.evidence if start <= piece.start and piece.end <= end]
        if inside:
            yield Text("    ") + _mark(paragraph, start, inside, styles)
        start = end + 1
    for piece in signal.evidence:  # evidence may run over a line break: shown on its own
        if "\n" in piece.quote:
            yield Text(f"    [{escaped(piece.quote)}]", styles[piece.field]) + Text(piece.field, "dim")


def because(why: Sequence[tuple[str, float]]) -> Text:
    """The features that decided for a signal with what each adds to its log-odds, strongest first."""
    said = "  ".join(f"{escaped(feature)} +{weight:.2f}" for feature, weight in why)
    return Text(f"    because  {said or 'its rule alone'}", "dim")


def _mark(paragraph: str, offset: int, pieces: Sequence[Evidence], styles: dict[str, str]) -> Text:
    """The paragraph with brackets at every piece; pieces may nest, cross and coincide."""
    cuts = sorted({0, len(paragraph), *(p.start - offset for p in pieces), *(p.end - offset for p in pieces)})
    text = Text()
    for begin, end in pairwise(cuts):
        here = [p for p in pieces if p.start - offset <= begin and end <= p.end - offset]
        text.append("[" * len({p.end for p in here if p.start - offset == begin}), "dim")
        text.append(escaped(paragraph[begin:end]), styles[here[-1].field] if here else "")
        for spot in sorted({p.start for p in here if p.end - offset == end}, reverse=True):
            names = [p.field for p in here if p.start == spot and p.end - offset == end]
            text.append(f"]{'+'.join(dict.fromkeys(names))}", "dim")
    return text


def _fields(evidence: Iterable[Evidence]) -> list[str]:
    return list(dict.fromkeys(piece.field for piece in evidence))


def _first(payload: Any, names: Sequence[str]) -> str:
    return next((text for name in names if (text := _text(getattr(payload, name, None)))), "")


def _text(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_text(each) for each in value)
    return "" if value is None else escaped(str(value))


def _quote(signal: Signal) -> str:
    """The words quoted, else the evidence of the label that the signal stands on."""
    if quote := _text(getattr(signal.payload, "quote", None)):
        return quote
    return next((escaped(piece.quote) for piece in signal.evidence if piece.field in _WHAT), "")
