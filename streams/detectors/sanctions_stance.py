"""Sanctions stances: who imposes, backs, defies, eases what against whom."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from streams.detectors.candidate import Event
from streams.detectors.sanctions_stance_frames import Frame, frames, joined_after, joined_before
from streams.detectors.sanctions_stance_sense import guesses
from streams.text.document import Document, Mention, Sentence, Utterance
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.masking import masked, pieces
from streams.text.vocabulary import Hit

_ACTS = frozenset(MentionKind) - {MentionKind.CITY, MentionKind.REGION, MentionKind.AGENCY, MentionKind.HISTORIC}
_NEAR = 4
_GOVERNS = 7
"""Words between an actor and the word of stance that is its own."""
_BY = " by the "
_MOST_WORDS = 60
"""Words of a sentence that count, and only those of more than three letters: the short ones say nothing of a stance."""
_VAGUE = frozenset(("other", "tariff"))
"""Measures that by themselves do not make an article one of sanctions between states."""


def events(document: Document) -> Iterator[Event]:
    """One event for each sentence that names a measure, or a step where the article names a measure, and each actor there."""
    if not document.layers.get("measure"):
        return
    before: Sentence | None = None
    title = document.sentences[0] if document.sentences and document.sentences[0].in_title else None
    about = tuple(_about(document, title))
    sure = any(isinstance(hit.entry, Cue) and hit.entry.label not in _VAGUE for hit in document.layers["measure"])
    for sentence in document.sentences:
        measures = document.hits("measure", sentence.start, sentence.end)
        steps = document.hits("step", sentence.start, sentence.end) if sure and not measures else ()
        if (measures or steps) and not sentence.furniture:
            shared = (*about, *_shared(document, sentence, measures or steps))
            heard = document.spoken.get(sentence.index, ())
            yield from _events(document, sentence, measures or steps, heard, (before, title), shared)
        before = sentence


def _about(document: Document, title: Sentence | None) -> Iterator[str]:
    """How much the whole article is about measures."""
    measures = document.layers["measure"]
    yield f"article={min(8, len(measures))}"
    sure = sum(1 for hit in measures if isinstance(hit.entry, Cue) and hit.entry.label == "general")
    yield f"sure={min(4, sure)}"
    if title is not None and measures[0].start < title.end:
        yield "article=titled"


def _events(
    document: Document,
    sentence: Sentence,
    measures: tuple[Hit, ...],
    heard: Sequence[Utterance],
    around: tuple[Sentence | None, ...],
    shared: tuple[str, ...],
) -> Iterator[Event]:
    parts = pieces(document, sentence)
    verbs = {u.speaker.code: u for u in heard}
    here = [m for m in sentence.mentions if m.code and m.kind in _ACTS]
    read = tuple(frames(document, sentence, measures, here))
    chains = dict.fromkeys(frame.chain for frame in read)
    words = (f"w={word}" for word in masked(parts)[:_MOST_WORDS] if len(word) > 3)
    seen: set[str | None] = set()
    crowd = min(3, len({m.code for m in here}))
    shared = (*shared, *(f"chain={chain}" for chain in chains), *words, f"others={crowd}")
    parts_of = {
        code: _parts(read, [m for m in here if m.code == code], code in verbs)
        for code in dict.fromkeys(m.code for m in here)
    }
    stances = document.hits("stance", sentence.start, sentence.end)
    labels = [hit.entry.label or "" for hit in stances if isinstance(hit.entry, Cue)]
    for mention in here:
        if mention.code in seen:
            continue
        seen.add(mention.code)
        own = [m for m in here if m.code == mention.code]
        features = [*_roles(read, own)]
        features += _grouped(document, sentence, parts_of[mention.code])
        features += guesses(read, own, _label(verbs.get(mention.code)), mention.code in verbs, labels)
        rivals = {part for code, taken in parts_of.items() if code != mention.code for part in taken}
        features += [f"{own_part} beside {rival}" for own_part in parts_of[mention.code] for rival in rivals]
        for other in own:
            features += _beside(document, sentence, other, measures)
            features += _governs(document, other, here, stances, measures)
        features += _said(verbs, mention.code, chains)
        yield Event(sentence.index, (mention.code,), (shared, tuple(features)))
    crowded = {part for taken in parts_of.values() for part in taken}
    for code, where in _carried(heard, around, seen):
        features = [f"where={where}"]
        features += [f"{where}>{chain}" for chain in chains]
        features += _grouped(document, sentence, (where,))
        features += (f"{where}:{guess}" for guess in guesses(read, (), _label(verbs.get(code)), code in verbs, labels))
        features += [f"{where} beside {rival}" for rival in crowded]
        features += _said(verbs, code, chains)
        yield Event(sentence.index, (code,), (shared, tuple(features)))


def _roles(read: Sequence[Frame], own: Sequence[Mention]) -> Iterator[str]:
    """What the actor does in each frame, with the words that govern the measure."""
    placed = False
    for frame in read:
        for mention in own:
            for role in frame.roles.get(mention.start, ()):
                placed = True
                yield f"does={role}"
                yield f"{role}>{frame.chain}"
                yield f"{role}>>{frame.lemma}"
                yield from (f"{role}>{frame.chain}+{mood}" for mood in frame.mood)
    if not placed:
        yield "does=nothing"


_DOES = frozenset(("first subject", "next subject", "first agent", "next agent", "owner", "sent by"))
_SUFFERS = frozenset(("sent on", "first object", "next object", "first passive", "behind", "before"))


def _parts(read: Sequence[Frame], own: Sequence[Mention], speaks: bool) -> tuple[str, ...]:
    """The actor's parts in the sentence, coarsely: it does, is hit, speaks, or only stands by."""
    roles = {role for frame in read for mention in own for role in frame.roles.get(mention.start, ())}
    found = (("doer", roles & _DOES), ("hit", roles & _SUFFERS), ("speaker", speaks))
    return tuple(name for name, there in found if there) or ("bystander",)


def _grouped(document: Document, sentence: Sentence, parts: Sequence[str]) -> Iterator[str]:
    """The sentence's stance words beside the actor's part in it, so that few examples teach much."""
    for section in ("stance", "modal"):
        for hit in document.hits(section, sentence.start, sentence.end):
            if isinstance(hit.entry, Cue):
                yield from (f"{part}:{section}={hit.entry.label}" for part in parts)
                if section == "stance":
                    yield from (f"{part}:{hit.entry.lemma}" for part in parts)


def _governs(
    document: Document, mention: Mention, here: Sequence[Mention], stances: Sequence[Hit], measures: Sequence[Hit]
) -> Iterator[str]:
    """The stance word that is the actor's own, with what qualifies it and the measure next to it: right behind the actor, or
    the list that it stands in, or right before with no other actor between, or before a "by".

    Who demands an end to purchases does not demand an end to sanctions.
    """
    first = joined_before(document, mention, here)[-1].start
    last = joined_after(document, mention, here)[-1].end
    behind = next((hit for hit in stances if hit.start >= last), None)
    before = next((hit for hit in reversed(stances) if hit.end <= first), None)
    agent = document.fold[max(0, first - len(_BY)) : first].removesuffix("the ").endswith(" by ")
    for name, hit in (("then", behind), ("by" if agent else "of", before)):
        if hit is None or not isinstance(hit.entry, Cue):
            continue
        start, end = (last, hit.start) if hit is behind else (hit.end, first)
        between = any(start <= m.start < end for m in here)
        if len(document.fold[start:end].split()) > _GOVERNS or (between and name != "by"):
            continue
        yield f"{name}={hit.entry.label}"
        yield f"{name}={hit.entry.lemma}"
        nearest = min(measures, key=lambda measure: abs(measure.start - hit.start))
        if isinstance(nearest.entry, Cue):
            yield f"{name}={hit.entry.label}>{nearest.entry.label}"
        for modal in document.hits("modal", start, end):
            if isinstance(modal.entry, Cue):
                yield f"{name}={modal.entry.label} {hit.entry.label}"


def _label(heard: Utterance | None) -> str | None:
    return heard.verb.entry.label if heard is not None and heard.verb and isinstance(heard.verb.entry, Cue) else None


def _said(
    verbs: dict[str | None, Utterance], code: str | None, chains: Sequence[str] | dict[str, None]
) -> Iterator[str]:
    if code in verbs:
        verb = verbs[code].verb
        yield "speaks"
        yield from (f"speaks>{chain}" for chain in chains)
        if verb is not None and isinstance(verb.entry, Cue):
            yield f"says={verb.entry.label}"
            yield f"verb={verb.entry.lemma}"
            yield from (f"says={verb.entry.label}>{chain}" for chain in chains)
    elif verbs:
        yield "another speaks"


def _carried(
    heard: Sequence[Utterance], around: tuple[Sentence | None, ...], seen: set[str | None]
) -> Iterator[tuple[str, str]]:
    """Actors not named in the sentence who may hold its stance: its speaker, who stood before, who is in the title."""
    for utterance in heard:
        if utterance.speaker.code and utterance.speaker.code not in seen:
            seen.add(utterance.speaker.code)
            yield utterance.speaker.code, "speaker"
    for sentence, where in zip(around, ("before", "title"), strict=True):
        for mention in sentence.mentions[:2] if sentence is not None else ():
            if mention.code and mention.code not in seen and mention.kind in _ACTS:
                seen.add(mention.code)
                yield mention.code, where


def _shared(document: Document, sentence: Sentence, measures: tuple[Hit, ...]) -> Iterator[str]:
    place = "title" if sentence.in_title else "lead" if sentence.paragraph <= 1 else "body"
    yield f"place={place}"
    for hit in measures:
        if isinstance(hit.entry, Cue):
            yield f"measure={hit.entry.label}"
            yield f"ml={hit.entry.lemma}"
    for section in ("stance", "modal", "speech"):
        for hit in document.hits(section, sentence.start, sentence.end):
            if isinstance(hit.entry, Cue):
                yield f"{section}={hit.entry.label}"
                if section == "stance":
                    yield f"sl={hit.entry.lemma}"
    first = measures[0]
    ahead = tuple(m for m in sentence.mentions if m.end <= first.start)
    behind = tuple(m for m in sentence.mentions if m.start >= first.end)
    words = pieces(document, replace(sentence, end=first.start, mentions=ahead))
    after = pieces(document, replace(sentence, start=first.end, mentions=behind))
    yield from (f"before={word}" for word in masked(words[-_NEAR:]))
    yield from (f"after={word}" for word in masked(after[:_NEAR]))


def _beside(document: Document, sentence: Sentence, mention: Mention, measures: tuple[Hit, ...]) -> Iterator[str]:
    """Where a mention stands: its neighbours, its side of the nearest measure and how far from it, its sort."""
    nearest = min(measures, key=lambda hit: abs(hit.start - mention.start))
    left = mention.end <= nearest.start
    between = document.fold[mention.end : nearest.start] if left else document.fold[nearest.end : mention.start]
    words = between.split()
    before = document.fold[sentence.start : mention.start].split()
    after = document.fold[mention.end : sentence.end].split()
    side = "left" if left else "right"
    yield f"side={side}"
    yield f"far={side}{min(8, len(words))}"
    yield f"kind={mention.kind}"
    if mention.role is not None:
        yield f"role={mention.role}"
    yield f"w-1={before[-1] if before else '^'}"
    yield f"w+1={after[0] if after else '$'}"
    yield f"w+2={' '.join(after[:2])}"
    yield f"{side}:w-1={before[-1] if before else '^'}"
    if words and len(words) <= _NEAR:
        yield f"{side}:between={' '.join(words)}"
