"""Labelled articles: which events of a text a label's evidence shows."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from schemas.article import Article, article_from
from streams.detectors.candidate import Event, Key
from streams.detectors.choosing import Detector
from streams.text.annotate import annotate
from streams.text.document import Document

CAP = {"arms_deal": 5, "sanctions_stance": 5, "diplomatic_statement": 6}
"""Labellers stop here: in a full list a missing object is unknown, not wrong."""

_KEYS: dict[str, tuple[tuple[str, ...], str]] = {
    "arms_deal": (("supplier", "recipient"), "stage"),
    "sanctions_stance": (("actor",), "stance"),
    "diplomatic_statement": (("speaker_actor",), "act"),
}


@dataclass(frozen=True, slots=True)
class Object:
    """One labelled signal: who, which label, whether it is the main one, and the sentences that show it."""

    key: Key
    label: str
    main: bool
    sentences: frozenset[int]


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled article: its document, the events proposed, and what a reader found."""

    document: Document
    events: tuple[Event, ...]
    objects: tuple[Object, ...]
    full: bool
    weight: float
    source: str

    def labels(self, event: Event) -> set[str]:
        """The labels that the event deserves."""
        return {o.label for o in self.objects if o.key == event.key and event.sentence in o.sentences}


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, gzipped or not."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield orjson.loads(line)


def examples(articles: Path, labels: Path, detector: Detector, seeds: Path, weight: float = 1.0) -> Iterator[Example]:
    """Each labelled article once, in the order of the articles; those marked as skipped, or not read for this kind, are left out."""
    key, label = _KEYS.get(detector.kind, ((), ""))
    wanted = {row["id"]: row for row in read_lines(labels)}
    for data in read_lines(articles):
        row = wanted.get(data.get("id", ""))
        if row is None or str(row.get("note", "")).startswith("skip") or detector.kind not in row["signals"]:
            continue
        article = article_from(data)
        document = annotate(article, seeds)
        objects = row["signals"].get(detector.kind) or []
        yield Example(
            document,
            tuple(detector.events(document)),
            tuple(_object(document, o, key, label) for o in objects),
            len(objects) >= CAP.get(detector.kind, len(objects) + 1),
            weight,
            _source(article),
        )


def _source(article: Article) -> str:
    return article.source or ""


def _object(document: Document, data: dict[str, Any], key: tuple[str, ...], label: str) -> Object:
    """A label with its evidence, given as verbatim slices or as [start, end] offsets into the text."""
    spans = []
    for shown in data.get("ev", ()):
        if isinstance(shown, str):
            start = document.text.find(shown)
            if start >= 0:
                spans.append((start, start + len(shown)))
        else:
            spans.append((int(shown[0]), int(shown[1])))
    inside = {s.index for s in document.sentences for start, end in spans if s.start < end and start < s.end}
    return Object(tuple(data[name] for name in key), data[label], bool(data.get("main")), frozenset(inside))
