"""Labelled articles: which events of a text a label's evidence shows."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from schemas.article import article_from
from streams.detectors.candidate import Event, Key
from streams.detectors.choosing import Detector
from streams.text.annotate import annotate
from streams.text.document import Document

CAP = {"arms_deal": 5, "sanctions_stance": 5, "diplomatic_statement": 6}
"""Labellers stop here: in a full list a missing object is unknown, not wrong."""

UNSHOWN = 0.3
"""Weight of an event whose key is labelled in the article, with other sentences as the words that show it."""


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
    whole: bool = True
    """False where only single sentences were read: `events` are theirs alone, and nothing is known of the article."""
    typical: bool = True
    """False where the text was written to show labels: which label it has is learned, how often there is one is not."""

    def labels(self, event: Event) -> set[str]:
        """The labels that the event deserves."""
        return {o.label for o in self.objects if o.key == event.key and event.sentence in o.sentences}

    def weights(self) -> Iterator[float]:
        """What each event counts: less where its key is labelled but shown elsewhere, for then it may show it too."""
        keys = {o.key for o in self.objects} if self.whole else set()
        for event in self.events:
            yield self.weight * (UNSHOWN if event.key in keys and not self.labels(event) else 1)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, gzipped or not."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield orjson.loads(line)


def examples(articles: Path, labels: Path, detector: Detector, seeds: Path, weight: float = 1.0) -> Iterator[Example]:
    """Each labelled article once, in the order of the articles; those marked as skipped, or not read for this kind, are left out.

    A line of labels has the signals of a whole article under "signals", or of single sentences under "sentences", each
    with its span as [start, end] offsets; `"typical": false` marks a text that was written to show its labels.
    """
    wanted = {row["id"]: row for row in read_lines(labels)}
    for data in read_lines(articles):
        row = wanted.get(data.get("id", ""))
        if row is None or str(row.get("note", "")).startswith("skip"):
            continue
        if "sentences" in row:
            read = [s for s in row["sentences"] if detector.kind in s["signals"]]
            typical = bool(row.get("typical", True))
            found = (
                _of_sentences(annotate(article_from(data), seeds), read, detector, weight, typical) if read else None
            )
        elif detector.kind in row["signals"]:
            found = _of_article(
                annotate(article_from(data), seeds), row["signals"][detector.kind] or [], detector, weight
            )
        else:
            found = None
        if found is not None:
            yield found


def _of_article(document: Document, objects: list[dict[str, Any]], detector: Detector, weight: float) -> Example:
    return Example(
        document,
        tuple(detector.events(document)),
        tuple(_object(document, o, detector) for o in objects),
        len(objects) >= CAP.get(detector.kind, len(objects) + 1),
        weight,
        document.article.source or "",
    )


def _of_sentences(
    document: Document, read: list[dict[str, Any]], detector: Detector, weight: float, typical: bool
) -> Example:
    known: set[int] = set()
    objects: list[Object] = []
    for sentence in read:
        known |= _sentences(document, [(int(sentence["span"][0]), int(sentence["span"][1]))])
        objects += [
            _object(document, {**o, "ev": [sentence["span"]]}, detector) for o in sentence["signals"][detector.kind]
        ]
    events = tuple(event for event in detector.events(document) if event.sentence in known)
    source = document.article.source or ""
    return Example(document, events, tuple(objects), True, weight, source, whole=False, typical=typical)


def _object(document: Document, data: dict[str, Any], detector: Detector) -> Object:
    """A label with its evidence, given as verbatim slices or as [start, end] offsets into the text."""
    spans = []
    for shown in data.get("ev", ()):
        if isinstance(shown, str):
            start = document.text.find(shown)
            if start >= 0:
                spans.append((start, start + len(shown)))
        else:
            spans.append((int(shown[0]), int(shown[1])))
    return Object(
        tuple(data[name] for name in detector.key),
        data[detector.label],
        bool(data.get("main")),
        frozenset(_sentences(document, spans)),
    )


def _sentences(document: Document, spans: list[tuple[int, int]]) -> set[int]:
    return {s.index for s in document.sentences for start, end in spans if s.start < end and start < s.end}
