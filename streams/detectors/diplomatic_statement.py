"""Diplomatic statements: who says what kind of thing about whom."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from streams.detectors.candidate import Event
from streams.text.document import Document, Link, Mention, Sentence, Utterance
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.masking import masked, pieces, worded
from streams.text.quotes import quote_at
from streams.text.vocabulary import Hit

_SPEAKS = frozenset(
    (MentionKind.COUNTRY, MentionKind.CAPITAL, MentionKind.GOVERNMENT, MentionKind.BLOC, MentionKind.ORGAN, MentionKind.PERSON,
     MentionKind.DEMONYM)
)  # fmt: skip
_PASSIVE = frozenset(("was", "were", "been", "being", "is", "are", "be"))
_MOST_TURNS = 3


@dataclass(frozen=True, slots=True)
class _Talk:
    """Who speaks in the whole article: how often each actor does, who stands in the title.

    `acts`: by sentence, its phrases that tell an act; `phrases`: their classes.
    """

    turns: Mapping[str | None, int]
    titled: frozenset[str | None]
    acts: Sequence[Sequence[Hit]]
    phrases: Sequence[Sequence[str]]


def events(document: Document) -> Iterator[Event]:
    """One event for each sentence and actor that may speak there."""
    spoken = document.spoken
    titled = frozenset(m.code for s in document.sentences[:1] if s.in_title for m in s.mentions)
    turns = Counter(code for heard in spoken.values() for code in {u.speaker.code for u in heard})
    acts = [document.hits("act", s.start, s.end) for s in document.sentences]
    talk = _Talk(turns, titled, acts, [_labels(hits) for hits in acts])
    previous: tuple[str, ...] = ()
    for sentence in document.sentences:
        if sentence.furniture:
            continue
        verbs = document.hits("speech", sentence.start, sentence.end)
        if verbs or sentence.index in spoken:
            yield from _events(document, sentence, verbs, talk, previous)
        previous = tuple(f"prev={label}" for label in _labels(verbs[:2]))


def _labels(hits: Sequence[Hit]) -> list[str]:
    return [hit.entry.label for hit in hits if isinstance(hit.entry, Cue) and hit.entry.label is not None]


def _events(
    document: Document, sentence: Sentence, verbs: tuple[Hit, ...], talk: _Talk, previous: tuple[str, ...]
) -> Iterator[Event]:
    heard = document.spoken.get(sentence.index, ())
    named = list(_named(sentence, heard)) if verbs else []
    if not heard and not named:
        return
    parts = pieces(document, sentence)
    phrases = talk.phrases[sentence.index]
    modals = _labels(document.hits("modal", sentence.start, sentence.end))
    words = masked(parts)
    places: dict[str | None, list[int]] = {}
    for at, part in enumerate(parts):
        if not isinstance(part, str):
            places.setdefault(part[0], []).append(at)
    shared = (*_shared(document, sentence, verbs, phrases, modals), *previous, *worded(words), *_near(sentence, talk))
    for code in dict.fromkeys(u.speaker.code for u in heard):
        own = [u for u in heard if u.speaker.code == code]
        crossed = (*_crossed(own, phrases, modals), *_told(document, talk.acts[sentence.index], own))
        standing = (*_around(places.get(code, ()), words), *_about(document, sentence, code, talk))
        yield Event(sentence.index, (code,), (shared, (*_heard(own), *crossed, *standing)))
    for mention in named:
        standing = (*_around(places.get(mention.code, ()), words), *_about(document, sentence, mention.code, talk))
        yield Event(
            sentence.index, (mention.code,), (shared, (*_silent(document, sentence, mention, verbs), *standing))
        )


def _named(sentence: Sentence, heard: Sequence[Utterance]) -> Iterator[Mention]:
    """Each actor's first mention that may speak and was neither heard nor is spoken of."""
    codes = {u.speaker.code for u in heard} | _patients(sentence, heard)
    for mention in sentence.mentions:
        if mention.code and mention.code not in codes and mention.kind in _SPEAKS:
            codes.add(mention.code)
            yield mention


def _patients(sentence: Sentence, heard: Sequence[Utterance]) -> set[str | None]:
    """Who stands right before a passive whose agent is known ("X was accused by Y"): spoken of, not speaking."""
    before = (
        [m.code for m in sentence.mentions if m.end <= u.verb.start][-1:]
        for u in heard
        if u.link is Link.AGENT and u.verb is not None
    )
    return {code for codes in before for code in codes}


def _shared(
    document: Document, sentence: Sentence, verbs: tuple[Hit, ...], phrases: Sequence[str], modals: Sequence[str]
) -> Iterator[str]:
    place = "title" if sentence.in_title else "lead" if sentence.paragraph <= 1 else "body"
    yield f"place={place}"
    for verb in verbs:
        if isinstance(verb.entry, Cue):
            inside = "q" if quote_at(document.quotes, verb.start) is not None else "s"
            yield f"{inside}v={verb.entry.label}"
            yield f"v={verb.entry.lemma}"
    for label in phrases:
        yield f"a={label}"
    for label in modals:
        yield f"m={label}"


def _heard(own: list[Utterance]) -> Iterator[str]:
    speaker = own[0].speaker
    yield f"kind={speaker.kind}"
    yield f"role={speaker.role}"
    yield f"clue={speaker.clue}"
    yield f"quoted={any(u.quoted for u in own)}"
    for utterance in own:
        yield f"link={utterance.link}"
        if utterance.verb is not None and isinstance(utterance.verb.entry, Cue):
            yield f"verb={utterance.verb.entry.lemma}"
            yield f"vlabel={utterance.verb.entry.label}"


def _crossed(own: list[Utterance], phrases: Sequence[str], modals: Sequence[str]) -> Iterator[str]:
    """The speaker's verbs with what the sentence says beside them: "said ... consequences" warns, "said ... talks" does not."""
    classes = sorted({label for u in own if u.verb is not None for label in _labels((u.verb,))}) or ["none"]
    yield f"verbs={'+'.join(classes)}"
    for label in classes:
        for other in dict.fromkeys(phrases):
            yield f"x={label}|{other}"
        for other in dict.fromkeys(modals):
            yield f"xm={label}|{other}"


def _told(document: Document, acts: Sequence[Hit], own: Sequence[Utterance]) -> Iterator[str]:
    """The phrase of an act that follows the speaker's verb first, alone and beside the verb and what qualifies it."""
    for utterance in own:
        if utterance.verb is None:
            continue
        end = utterance.verb.end
        told = next((act for act in acts if act.start >= end), None)
        if told is None or not isinstance(told.entry, Cue):
            yield "told=none"
            continue
        yield f"told={told.entry.label}"
        yield f"told={told.entry.lemma}"
        yield from (f"told={label}|{told.entry.label}" for label in _labels((utterance.verb,)))
        between = document.hits("modal", end, told.end)
        yield from (f"told={label} {told.entry.label}" for label in dict.fromkeys(_labels(between)))


def _silent(document: Document, sentence: Sentence, mention: Mention, verbs: tuple[Hit, ...]) -> Iterator[str]:
    yield f"kind={mention.kind}"
    yield f"role={mention.role}"
    before = document.fold[sentence.start : mention.start].split()
    yield "link=named"
    yield f"named:w-1={before[-1] if before else '^'}"
    after = next((v for v in verbs if v.start >= mention.end), None)
    if after is not None and isinstance(after.entry, Cue):
        between = document.fold[mention.end : after.start].split()
        yield f"named:next={after.entry.label}"
        yield f"named:far={min(6, len(between))}"
        if between and between[-1] in _PASSIVE:
            yield "named:passive"


def _around(places: Sequence[int], words: Sequence[str]) -> Iterator[str]:
    """The words right before and behind each mention of the actor."""
    for at in places:
        yield f"s-1={words[at - 1] if at else '^'}"
        yield f"s+1={words[at + 1] if at + 1 < len(words) else '$'}"


def _near(sentence: Sentence, talk: _Talk) -> Iterator[str]:
    """What the phrases of the sentences before and behind tell."""
    for name, index in (("before", sentence.index - 1), ("after", sentence.index + 1)):
        if 0 <= index < len(talk.phrases):
            for label in talk.phrases[index]:
                yield f"{name}:a={label}"


def _about(document: Document, sentence: Sentence, code: str | None, talk: _Talk) -> Iterator[str]:
    others = {m.code for m in sentence.mentions if m.code and m.code != code}
    yield f"others={min(2, len(others))}"
    yield f"home={code == document.home}"
    yield f"titled={code in talk.titled}"
    yield f"turns={min(_MOST_TURNS, talk.turns.get(code, 0))}"
    for name, index in (("before", sentence.index - 1), ("after", sentence.index + 1)):
        for utterance in document.spoken.get(index, ()):
            if utterance.speaker.code == code and utterance.verb is not None:
                yield from (f"{name}={label}" for label in _labels((utterance.verb,)))
