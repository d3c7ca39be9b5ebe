"""Floor 3: bytes to article, article to signals. Pure, total and clockless: live, replay and classify share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from pathlib import Path

from schemas.article import Article, InvalidArticle, Reason, decode_article
from schemas.signal import ArticleRef, Evidence, Signal, signal_id
from streams.codes import codes_for
from streams.detectors import DETECTORS
from streams.detectors.candidate import Finding
from streams.detectors.choosing import detect, weights_of
from streams.text.annotate import annotate
from streams.text.document import Document
from streams.text.language import is_read
from streams.text.seedfile import SEEDS, SeedError
from streams.text.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that is no article: for the dead-letter topic, with its reason and the place in words."""

    reason: Reason
    detail: str


class SkipReason(StrEnum):
    """Why a message is passed over with no signal and no dead letter."""

    TOMBSTONE = "tombstone"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A message that is counted and passed over."""

    reason: SkipReason


class BadEvidence(AssertionError):
    """A quote that is not the slice it claims to be: a fault of ours, never of the article."""


def read(raw: bytes | None, headers: Sequence[tuple[str, bytes]] = ()) -> Article | Unreadable | Skipped:
    """The article in a Kafka record, or why there is none. Never raises."""
    if raw is None:
        return Skipped(SkipReason.TOMBSTONE)
    try:
        article = decode_article(raw, headers)
    except InvalidArticle as error:
        return Unreadable(error.reason, error.detail)
    return article if is_read(article) else Skipped(SkipReason.LANGUAGE)


def signals(
    article: Article, kinds: frozenset[str] | None = None, min_confidence: float = 0.0, seeds: Path = SEEDS
) -> tuple[Signal, ...]:
    """All signals of an article, kind by kind, the main one of each first. The same article gives the same bytes."""
    return signals_of(annotate(article, seeds), kinds, min_confidence, seeds)


def signals_of(
    document: Document, kinds: frozenset[str] | None = None, min_confidence: float = 0.0, seeds: Path = SEEDS
) -> tuple[Signal, ...]:
    """The same for a document already annotated."""
    reference = _reference(document.article)
    rules = rules_version(seeds)
    return tuple(
        _sealed(document, kind, finding, reference, rules)
        for kind in DETECTORS
        if kinds is None or kind in kinds
        for finding in detect(document, DETECTORS[kind], weights_of(DETECTORS[kind], seeds))
        if finding.confidence >= min_confidence
    )


def explained(
    article: Article, kinds: frozenset[str] | None = None, seeds: Path = SEEDS
) -> tuple[tuple[Signal, tuple[tuple[str, float], ...]], ...]:
    """All signals, each with the features that decided for it, strongest first."""
    document = annotate(article, seeds)
    reference, rules = _reference(article), rules_version(seeds)
    return tuple(
        (_sealed(document, kind, finding, reference, rules), finding.why)
        for kind in DETECTORS
        if kinds is None or kind in kinds
        for finding in detect(document, DETECTORS[kind], weights_of(DETECTORS[kind], seeds), explain=True)
    )


@cache
def rules_version(seeds: Path = SEEDS) -> str:
    """Product version and digest of the lexicons, gazetteers and weights: what a signal's `rules` says."""
    return f"{version('geosignals')}+{vocabulary(seeds).digest}"


def load(seeds: Path = SEEDS) -> None:
    """Read every seed now, so that a broken one stops the start. Raises SeedError."""
    vocabulary(seeds)
    for kind, detector in DETECTORS.items():
        if weights_of(detector, seeds).labels != detector.labels:
            raise SeedError(
                seeds / "weights" / f"{kind}.json", None, f"its labels are not {', '.join(detector.labels)}"
            )


def _reference(article: Article) -> ArticleRef:
    return ArticleRef(
        id=article.id,
        title=article.title,
        url=article.url,
        source=article.source,
        published_at=article.published_at,
        language=article.language,
        version=article.version,
    )


def _sealed(document: Document, kind: str, finding: Finding, reference: ArticleRef, rules: str) -> Signal:
    evidence = tuple(_evidence(document.text, proof.field, proof.start, proof.end) for proof in finding.proofs)
    words = " ".join(item.quote for item in evidence).lower()
    return Signal(
        id=signal_id(reference.id, finding.payload),
        kind=kind,
        main=finding.main,
        article=reference,
        payload=finding.payload,
        realis=finding.realis,
        confidence=finding.confidence,
        evidence=evidence,
        codes=codes_for(finding.payload, finding.realis, words),
        rules=rules,
    )


def _evidence(text: str, field: str, start: int, end: int) -> Evidence:
    if not 0 <= start < end <= len(text):
        raise BadEvidence(f"{field}: [{start}, {end}) of a text of {len(text)}")
    return Evidence(field=field, start=start, end=end, quote=text[start:end])
