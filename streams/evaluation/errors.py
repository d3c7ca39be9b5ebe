"""What went wrong, one entry for each miss and each false signal, by class: the thing to read before changing a rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from schemas.article import Article
from streams.detectors import DETECTORS
from streams.detectors.choosing import candidates, weights_of
from streams.evaluation.facets import WHO
from streams.evaluation.objects import Object, Objects
from streams.pipeline import explained
from streams.text.annotate import annotate
from streams.text.document import Document
from streams.training.labelled import CAP
from streams.weights import sigmoid

Who = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Error:
    """One difference between labels and signals.

    `miss`: labelled and not said, else said and not labelled. `why` is what is known of the decision: for a false signal
    the features that spoke for it, for a miss how near it came. `sentence` is None where nothing in the text shows it.
    """

    article: str
    title: str
    kind: str
    miss: bool
    sort: str
    object: Object
    sentence: str | None
    why: str


def errors(articles: Iterable[Article], gold: Objects, said: Objects, kinds: Iterable[str]) -> Iterator[Error]:
    """All errors, article by article; those of an unlabelled article or a kind without facets are none.

    A false signal where the labellers' list is full is unknown, and is not shown.
    """
    compared = [kind for kind in kinds if kind in WHO]
    for article in articles:
        if article.id not in gold:
            continue
        document: Document | None = None
        for kind in compared:
            wanted, given = gold[article.id][kind], said.get(article.id, {}).get(kind, [])
            missed = _only(wanted, given, kind)
            false = _only(given, wanted, kind) if len(wanted) < CAP.get(kind, len(wanted) + 1) else []
            if missed or false:
                document = document or annotate(article)
                yield from (_miss(document, kind, thing, given) for thing in missed)
                yield from _false(document, kind, false, wanted)


def who(kind: str, thing: Object) -> Who:
    """The actors an object is about, in order."""
    return tuple(thing.get(name) for name in WHO[kind][0])


def label(kind: str, thing: Object) -> str:
    """Its stage, stance or act."""
    return str(thing.get(WHO[kind][1]))


def _only(these: Iterable[Object], those: Iterable[Object], kind: str) -> list[Object]:
    """Of these, what those have not, each (actors, label) once."""
    known = {(who(kind, thing), label(kind, thing)) for thing in those}
    found: dict[tuple[Who, str], Object] = {}
    for thing in these:
        key = (who(kind, thing), label(kind, thing))
        if key not in known:
            found.setdefault(key, thing)
    return list(found.values())


def sort_of(kind: str, thing: Object, others: Iterable[Object]) -> str:
    """The class of an error: nothing on the other side, only the label differs, roles swapped, or other actors."""
    others = list(others)
    if not others:
        return "nothing there"
    own = who(kind, thing)
    labels = sorted({label(kind, other) for other in others if who(kind, other) == own})
    if labels:
        return f"other {WHO[kind][1]}: {', '.join(labels)}"
    if len(own) > 1 and any(who(kind, other) == own[::-1] for other in others):
        return "roles swapped"
    return "other actors: " + "; ".join(sorted({_names(who(kind, other)) for other in others}))


def _names(actors: Who) -> str:
    return " > ".join(str(actor) for actor in actors)


def _miss(document: Document, kind: str, thing: Object, given: list[Object]) -> Error:
    start = next((at for shown in thing.get("ev", ()) if (at := _place(document, shown)) >= 0), None)
    sentence = _sentence_at(document, start) if start is not None else _sentence_naming(document, who(kind, thing))
    sort = sort_of(kind, thing, given)
    return Error(
        document.article.id, document.article.title, kind, True, sort, thing, sentence, _near(document, kind, thing)
    )


def _place(document: Document, shown: Any) -> int:
    """Where a label's evidence starts, given as words or as [start, end]; -1 where it is not in the text."""
    return document.text.find(shown) if isinstance(shown, str) else int(shown[0])


def _sentence_at(document: Document, start: int) -> str | None:
    return next((document.text[s.start : s.end] for s in document.sentences if s.start <= start < s.end), None)


def _sentence_naming(document: Document, actors: Who) -> str | None:
    """The first sentence that names all the actors, else the first that names one."""
    wanted = {actor for actor in actors if actor is not None}
    ranked = [(len(wanted & {m.code for m in s.mentions}), -s.index) for s in document.sentences]
    best, index = max(ranked, default=(0, 0))
    sentence = document.sentences[-index] if best else None
    return document.text[sentence.start : sentence.end] if sentence is not None else None


def _near(document: Document, kind: str, thing: Object) -> str:
    """How near a missed object came: its candidate's probability beside the thresholds, or that it was never proposed."""
    detector, weights = DETECTORS[kind], weights_of(DETECTORS[kind])
    _, pooled = candidates(document, detector, weights)
    own = [c for c in pooled if c.key == who(kind, thing) and c.label in {None, label(kind, thing)}]
    if not own:
        return "never proposed"
    first, further = weights.thresholds
    chance = max(sigmoid(weights.keep(c.numbers)) for c in own)
    return f"proposed with {chance:.2f}, kept from {further:.2f} (from {first:.2f} as the article's likeliest)"


def _false(document: Document, kind: str, false: list[Object], wanted: list[Object]) -> Iterator[Error]:
    if not false:
        return
    reasons = {
        (who(kind, payload), label(kind, payload)): why
        for signal, why in explained(document.article, frozenset((kind,)))
        for payload in (signal.payload.model_dump(mode="json"),)
    }
    for thing in false:
        why = reasons.get((who(kind, thing), label(kind, thing)), ())
        places = thing.get("evidence") or ()
        shown = next((proof for proof in places if proof["field"] == WHO[kind][1]), places[0] if places else None)
        sentence = _sentence_at(document, shown["start"]) if shown else _sentence_naming(document, who(kind, thing))
        words = " ".join(f"{feature} {weight:+.2f}" for feature, weight in why)
        confidence = f"{thing['confidence']:.2f}: " if thing.get("confidence") is not None else ""
        sort = sort_of(kind, thing, wanted)
        yield Error(
            document.article.id, document.article.title, kind, False, sort, thing, sentence, f"{confidence}{words}"
        )
