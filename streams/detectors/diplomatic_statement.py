"""Diplomatic statements: who says what kind of thing about whom."""

from collections.abc import Iterator

from streams.detectors.candidate import Event
from streams.text.document import Document, Mention, Sentence
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.masking import Part, masked, pieces, worded
from streams.text.quotes import quote_at
from streams.text.speech import Utterance, utterances
from streams.text.vocabulary import Hit

_SPEAKS = frozenset(
    (MentionKind.COUNTRY, MentionKind.CAPITAL, MentionKind.GOVERNMENT, MentionKind.BLOC, MentionKind.ORGAN, MentionKind.PERSON,
     MentionKind.DEMONYM)
)  # fmt: skip


def events(document: Document) -> Iterator[Event]:
    """One event for each sentence and actor that may speak there."""
    spoken: dict[int, list[Utterance]] = {}
    for utterance in utterances(document):
        spoken.setdefault(utterance.sentence, []).append(utterance)
    previous: tuple[str, ...] = ()
    for sentence in document.sentences:
        if sentence.furniture:
            continue
        verbs = document.hits("speech", sentence.start, sentence.end)
        heard = spoken.get(sentence.index, [])
        if heard or verbs:
            yield from _events(document, sentence, verbs, heard, previous)
        previous = tuple(f"prev={v.entry.label}" for v in verbs[:2] if isinstance(v.entry, Cue))


def _events(
    document: Document, sentence: Sentence, verbs: tuple[Hit, ...], heard: list[Utterance], previous: tuple[str, ...]
) -> Iterator[Event]:
    parts = pieces(document, sentence)
    shared = [*_shared(document, sentence, verbs), *previous]
    codes = {u.speaker.code for u in heard}
    for code in dict.fromkeys(u.speaker.code for u in heard):
        own = [u for u in heard if u.speaker.code == code]
        yield Event(
            sentence.index, (code,), (*shared, *_heard(own), *_worded(parts, code), *_about(document, sentence, code))
        )
    for mention in sentence.mentions:
        if mention.code and mention.code not in codes and mention.kind in _SPEAKS and verbs:
            codes.add(mention.code)
            near = _silent(document, sentence, mention, verbs)
            yield Event(
                sentence.index,
                (mention.code,),
                (*shared, *near, *_worded(parts, mention.code), *_about(document, sentence, mention.code)),
            )


def _shared(document: Document, sentence: Sentence, verbs: tuple[Hit, ...]) -> Iterator[str]:
    place = "title" if sentence.in_title else "lead" if sentence.paragraph <= 1 else "body"
    yield f"place={place}"
    for verb in verbs:
        if isinstance(verb.entry, Cue):
            inside = "q" if quote_at(document.quotes, verb.start) is not None else "s"
            yield f"{inside}v={verb.entry.label}"
            yield f"v={verb.entry.lemma}"
    for hit in document.hits("act", sentence.start, sentence.end):
        if isinstance(hit.entry, Cue):
            yield f"a={hit.entry.label}"
    for hit in document.hits("modal", sentence.start, sentence.end):
        if isinstance(hit.entry, Cue):
            yield f"m={hit.entry.label}"


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


def _silent(document: Document, sentence: Sentence, mention: Mention, verbs: tuple[Hit, ...]) -> Iterator[str]:
    yield f"kind={mention.kind}"
    yield f"role={mention.role}"
    before = document.fold[sentence.start : mention.start].split()
    yield "link=named"
    yield f"named:w-1={before[-1] if before else '^'}"
    after = next((v for v in verbs if v.start >= mention.end), None)
    if after is not None and isinstance(after.entry, Cue):
        yield f"named:next={after.entry.label}"
        yield f"named:far={min(6, len(document.fold[mention.end : after.start].split()))}"


def _worded(parts: list[Part], code: str | None) -> Iterator[str]:
    return worded(masked(parts, {code: "_s_"}))


def _about(document: Document, sentence: Sentence, code: str | None) -> Iterator[str]:
    others = {m.code for m in sentence.mentions if m.code and m.code != code}
    yield f"others={min(2, len(others))}"
    yield f"home={code == document.home}"
