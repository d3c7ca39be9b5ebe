"""From a kept reading to a statement's fields: speaker, targets, words quoted, who reports it, each with its proof."""

from collections.abc import Iterator

from schemas.diplomatic_statement import Act, DiplomaticStatement
from schemas.signal import Realis
from streams.detectors.candidate import Choice, Proof
from streams.detectors.realis import realis_of
from streams.text.document import Document, Mention, Sentence
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.quotes import Quote
from streams.text.speech import Link, Utterance, utterances

MOST_TARGETS = 3
_TARGETS = frozenset(MentionKind) - {MentionKind.AGENCY, MentionKind.FIRM}
_REPORTS = frozenset(["quoted", "cited", "reported", "told", "said", "according"])


def payload(document: Document, choice: Choice) -> tuple[DiplomaticStatement, tuple[Proof, ...], Realis] | None:
    """The statement of one actor and act, shown by the choice's sentences; None where nobody can be named as its speaker."""
    actor = choice.key[0]
    sentences = [document.sentences[i] for i in choice.sentences]
    heard = [u for u in utterances(document) if u.sentence in choice.sentences and u.speaker.code == actor]
    speaker = _speaker(document, heard, sentences, actor)
    if actor is None or speaker is None:
        return None
    best = sentences[0]
    proofs = [_speaker_proof(document, speaker), Proof("speaker_actor", speaker.start, speaker.end)]
    targets = _targets(document, best, sentences, actor, heard)
    proofs += [Proof("targets", m.start, m.end) for m in targets]
    shown = _act_shown(document, best, choice.label)
    proofs.append(Proof("act", shown[0], shown[1]))
    quote = _quote(document, best, heard)
    if quote is not None:
        proofs.append(Proof("quoted", quote.start, quote.end))
        proofs.append(Proof("quote", quote.start, quote.end))
    via = _via(document, best, sentences)
    if via is not None:
        proofs.append(Proof("via", via.start, via.end))
    role = document.text[speaker.start : speaker.end] if speaker.kind is MentionKind.ORGAN else speaker.role
    statement = DiplomaticStatement(
        speaker=speaker.name[:200],
        speaker_actor=actor,
        targets=tuple(m.code for m in targets if m.code),
        act=Act(choice.label),
        quoted=quote is not None,
        role=role,
        quote=document.text[quote.start : quote.end] if quote is not None else None,
        via=via.name if via is not None else None,
    )
    return statement, tuple(proofs), _realis(document, best)


def _speaker(
    document: Document, heard: list[Utterance], sentences: list[Sentence], actor: str | None
) -> Mention | None:
    """Who speaks in the best sentence: a named person before a body, the one heard before the one only mentioned."""
    for sentence in sentences:
        own = [u.speaker for u in heard if u.sentence == sentence.index]
        own += [m for m in sentence.mentions if m.code == actor and not own]
        if own:
            return next((m for m in own if m.kind is MentionKind.PERSON), own[0])
    return next((m for m in document.mentions if m.code == actor), None)


def _speaker_proof(document: Document, speaker: Mention) -> Proof:
    inside = document.text.find(speaker.name, speaker.start, speaker.end)
    if inside >= 0:
        return Proof("speaker", inside, inside + len(speaker.name))
    return Proof("speaker", speaker.start, speaker.end)


def _targets(
    document: Document, best: Sentence, sentences: list[Sentence], actor: str, heard: list[Utterance]
) -> list[Mention]:
    """The states spoken to or about: behind the verb first, then before it, then in the other sentences, then the title."""
    verb = next((u.verb for u in heard if u.sentence == best.index and u.verb is not None), None)
    ordered: list[Mention] = []
    others = [m for m in best.mentions if _is_target(m, actor)]
    if verb is not None:
        ordered += [m for m in others if m.start >= verb.end]
    ordered += [m for m in others if m not in ordered]
    for sentence in sentences[1:]:
        ordered += [m for m in sentence.mentions if _is_target(m, actor)]
    if not ordered and document.sentences:
        ordered = [m for m in document.sentences[0].mentions if _is_target(m, actor)]
    return list({m.code: m for m in reversed(ordered)}.values())[::-1][:MOST_TARGETS]


def _is_target(mention: Mention, actor: str) -> bool:
    return mention.code is not None and mention.code != actor and mention.kind in _TARGETS


def _act_shown(document: Document, best: Sentence, label: str) -> tuple[int, int]:
    """The words that show the act: a verb or phrase of its class in the sentence, else the sentence."""
    for section in ("speech", "act"):
        for hit in document.hits(section, best.start, best.end):
            if isinstance(hit.entry, Cue) and hit.entry.label == label:
                return hit.start, hit.end
    return best.start, best.end


def _quote(document: Document, best: Sentence, heard: list[Utterance]) -> Quote | None:
    if heard and heard[0].link is Link.ISSUER:
        return None
    return next((q for q in document.quotes if q.overlaps(best.start, best.end)), None)


def _via(document: Document, best: Sentence, sentences: list[Sentence]) -> Mention | None:
    """The agency or outlet that reports the words ("TASS quoted ... as saying"), or None."""
    for sentence in sentences[:2]:
        for mention in sentence.mentions:
            if mention.kind is MentionKind.AGENCY and not set(_around(document, sentence, mention)).isdisjoint(
                _REPORTS
            ):
                return mention
    return None


def _around(document: Document, sentence: Sentence, mention: Mention) -> Iterator[str]:
    yield from document.fold[sentence.start : mention.start].split()[-4:]
    yield from document.fold[mention.end : sentence.end].split()[:5]


def _realis(document: Document, best: Sentence) -> Realis:
    """A reported statement was made, whatever it says of the future; only one of an earlier year is background."""
    told = realis_of(document, best)
    return told if told is Realis.PAST else Realis.ACTUAL
