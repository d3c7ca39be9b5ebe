"""Labelled and predicted objects by article and kind, whichever of the two shapes a file has."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from schemas.signal import PAYLOADS, Signal
from streams.training.labelled import read_lines

Object = Mapping[str, Any]
"""One signal as the labels write it: the payload's fields, `main`, and where known `ev`, `realis`, `confidence`."""
Objects = dict[str, dict[str, list[Object]]]
"""article id -> kind -> objects; every kind is there."""


class BadFile(ValueError):
    """A file of labels or signals that cannot be read: one line for the user."""


def read_objects(path: Path) -> Objects:
    """Objects of a file of labels ({"id", "signals"}) or of signal lines. Articles marked "skip" are left out.

    Raises BadFile with the line.
    """
    found: Objects = {}
    number = 0
    try:
        for number, row in enumerate(read_lines(path), 1):
            if "signals" not in row:
                _add(found, row["article"]["id"], row["kind"], _flat(row))
            elif not str(row.get("note", "")).startswith("skip"):
                found[row["id"]] = {kind: list(row["signals"].get(kind) or ()) for kind in PAYLOADS}
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror or error}") from None
    except orjson.JSONDecodeError as error:
        raise BadFile(f"{path}:{number + 1}: not JSON: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise BadFile(f"{path}:{number}: neither labels nor a signal: {error!r}") from None
    return found


def objects_of(signals: Iterable[Signal]) -> Objects:
    """The same from signals in memory."""
    found: Objects = {}
    for signal in signals:
        _add(found, signal.article.id, signal.kind, _flat(signal.model_dump(mode="json")))
    return found


def _flat(signal: Mapping[str, Any]) -> Object:
    extra = {name: signal[name] for name in ("main", "realis", "confidence", "evidence") if name in signal}
    return {**signal["payload"], **extra}


def _add(found: Objects, article: str, kind: str, thing: Object) -> None:
    of_article = found.setdefault(article, {known: [] for known in PAYLOADS})
    of_article.setdefault(kind, []).append(thing)
