"""From a kept reading to a stance's fields: sender, target, measures, each with its proof."""

from schemas.sanctions_stance import Measure, SanctionsStance, Stance
from schemas.signal import Realis
from streams.detectors.candidate import Choice, Proof
from streams.detectors.realis import realis_of
from streams.text.document import Document, Mention, Sentence
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.vocabulary import Hit

_SENDS = frozenset((Stance.IMPOSE, Stance.TIGHTEN, Stance.THREATEN, Stance.EASE))
_TOWARD = frozenset(["on", "against", "for", "over", "toward", "towards", "from", "to"])
_PARTIES = frozenset(MentionKind) - {MentionKind.AGENCY, MentionKind.CITY}
_GENERAL = frozenset(("general", "other"))


def payload(document: Document, choice: Choice) -> tuple[SanctionsStance, tuple[Proof, ...], Realis] | None:
    """The stance of one actor, shown by the choice's sentences; None where no actor is known."""
    actor = choice.key[0]
    if actor is None:
        return None
    stance = Stance(choice.label)
    sentences = [document.sentences[i] for i in choice.sentences]
    best = sentences[0]
    proofs = [*_actor_proof(document, sentences, actor), _stance_proof(document, best, choice.label)]
    target = _target(document, sentences, actor, stance)
    sender = _sender(document, sentences, actor, stance, target)
    for field, mention in (("target", target), ("sender", sender)):
        if mention is not None:
            proofs.append(Proof(field, mention.start, mention.end))
    measures = _measures(document, sentences)
    proofs += [Proof("measures", hit.start, hit.end) for hit in measures.values()]
    sender_code = sender.code if sender is not None else actor if stance in _SENDS else None
    if sender_code == actor and sender is None:
        proofs += [Proof("sender", p.start, p.end) for p in proofs[:1] if p.field == "actor"]
    found = SanctionsStance(
        actor=actor,
        stance=stance,
        sender=sender_code,
        target=target.code if target is not None else None,
        measures=tuple(measures),
    )
    return found, tuple(proofs), realis_of(document, best)


def _actor_proof(document: Document, sentences: list[Sentence], actor: str) -> list[Proof]:
    inside = next((m for s in sentences for m in s.mentions if m.code == actor), None)
    found = inside or next((m for m in document.mentions if m.code == actor), None)
    return [Proof("actor", found.start, found.end)] if found is not None else []


def _stance_proof(document: Document, best: Sentence, label: str) -> Proof:
    hits = document.hits("stance", best.start, best.end)
    own = next((h for h in hits if isinstance(h.entry, Cue) and h.entry.label == label), None)
    shown = own or next(iter(document.hits("measure", best.start, best.end)), None)
    return Proof("stance", shown.start, shown.end) if shown is not None else Proof("stance", best.start, best.end)


def _measures(document: Document, sentences: list[Sentence]) -> dict[Measure, Hit]:
    """The kinds of measure named in the best sentence; a general word ("sanctions") names none."""
    found: dict[Measure, Hit] = {}
    for hit in document.hits("measure", sentences[0].start, sentences[0].end):
        if isinstance(hit.entry, Cue) and hit.entry.label is not None and hit.entry.label not in _GENERAL:
            found.setdefault(Measure(hit.entry.label), hit)
    return found


def _others(sentence: Sentence, actor: str) -> list[Mention]:
    return [m for m in sentence.mentions if m.code and m.code != actor and m.kind in _PARTIES]


def _target(document: Document, sentences: list[Sentence], actor: str, stance: Stance) -> Mention | None:
    """Who is hit: the state behind "on" or "against", else the other state named nearest after a measure, else any other."""
    for sentence in [*sentences, *document.sentences[:1]]:
        measures = document.hits("measure", sentence.start, sentence.end)
        others = [m for m in sentence.mentions if m.code and m.kind in _PARTIES]
        for mention in others:
            words = document.fold[sentence.start : mention.start].split()[-3:]
            after = any(hit.end <= mention.start for hit in measures)
            if after and not _TOWARD.isdisjoint(words) and (mention.code != actor or stance not in _SENDS):
                return mention
        free = [m for m in _others(sentence, actor) if not _sends(document, sentence, m)]
        if free and measures:
            return min(free, key=lambda m: min(abs(m.start - hit.end) for hit in measures))
    return None


def _sends(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """True for the sender in "US sanctions" or "sanctions imposed by the EU"."""
    words = document.fold[mention.end : sentence.end].split()[:3]
    names = {
        w
        for hit in document.hits("measure", mention.end, sentence.end)[:1]
        for w in document.fold[hit.start : hit.end].split()
    }
    by = document.fold[sentence.start : mention.start].split()[-2:]
    return not names.isdisjoint(words) or "by" in by


def _sender(
    document: Document, sentences: list[Sentence], actor: str, stance: Stance, target: Mention | None
) -> Mention | None:
    """Who imposes: named before the measure or behind "by"; the actor itself where the stance is one of a sender's."""
    if stance in _SENDS:
        return None
    for sentence in sentences:
        for mention in sentence.mentions:
            other = mention.code is not None and (target is None or mention.code != target.code)
            if other and mention.kind in _PARTIES and _sends(document, sentence, mention):
                return mention
    return None
