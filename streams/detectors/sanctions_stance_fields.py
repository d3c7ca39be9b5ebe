"""From a kept reading to a stance's fields: sender, target, measures, each with its proof."""

from schemas.sanctions_stance import Measure, SanctionsStance, Stance
from schemas.signal import Realis
from streams.detectors.candidate import Choice, Proof
from streams.detectors.realis import realis_of
from streams.detectors.sanctions_stance_frames import frames, is_passive, subject_of
from streams.detectors.sanctions_stance_parties import sender, target
from streams.text.document import Document, Sentence
from streams.text.lexicon import Cue
from streams.text.vocabulary import Hit

_GENERAL = frozenset(("general", "other"))
_ANSWERS = frozenset((Stance.DEFY, Stance.COMPLY, Stance.EVADE))
"""Stances towards the measures of somebody else."""
_READ = 2
"""Sentences whose measures count: further ones often speak of other measures."""


def payload(document: Document, choice: Choice) -> tuple[SanctionsStance, tuple[Proof, ...], Realis] | None:
    """The stance of one actor, shown by the choice's sentences; None where no actor is known, or another one holds it there."""
    actor = choice.key[0]
    if actor is None:
        return None
    sentences = [document.sentences[i] for i in choice.sentences]
    stance = _sure(document, sentences[0], actor, Stance(choice.label))
    if stance in _ANSWERS and _another_does(document, sentences[0], actor, stance):
        return None
    hit, hit_mention = target(document, sentences, actor, stance)
    sends, sends_mention = sender(document, sentences, actor, stance, hit)
    measures = _measures(document, sentences[:_READ])
    proofs = [*_actor_proof(document, sentences, actor), _stance_proof(document, sentences[0], stance)]
    for field, mention in (("sender", sends_mention), ("target", hit_mention)):
        if mention is not None:
            proofs.append(Proof(field, mention.start, mention.end))
    proofs += [Proof("measures", found.start, found.end) for found in measures.values()]
    read = SanctionsStance(actor=actor, stance=stance, sender=sends, target=hit, measures=tuple(measures))
    return read, tuple(proofs), _realis(document, sentences[0], stance)


def _sure(document: Document, best: Sentence, actor: str, stance: Stance) -> Stance:
    """The stance as chosen; but who extends or tightens measures in so many words, here and now, does not impose them."""
    sure = {hit.entry.lemma for hit in document.hits("sure", best.start, best.end) if isinstance(hit.entry, Cue)}
    if stance is not Stance.IMPOSE or not sure:
        return stance
    own = [m for m in best.mentions if m.code == actor]
    for frame in frames(document, best, document.hits("measure", best.start, best.end), own):
        subject = any("first subject" in frame.roles.get(mention.start, ()) for mention in own)
        only = set(frame.chain.partition("|")[0].split(">")) == {Stance.TIGHTEN}
        if subject and only and frame.lemma in sure and not frame.mood:
            return Stance.TIGHTEN
    return stance


def _another_does(document: Document, best: Sentence, actor: str, stance: Stance) -> bool:
    """True where every cue of the stance has a subject, and none is the actor: who is defied does not defy."""
    named = [mention for mention in best.mentions if mention.code]
    subjects = [
        {mention.code for mention in subject_of(document, hit, named)}
        for hit in document.hits("stance", best.start, best.end)
        if isinstance(hit.entry, Cue) and hit.entry.label == stance and not is_passive(document, best, hit)
    ]
    return bool(subjects) and all(subjects) and not any(actor in codes for codes in subjects)


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
    """The kinds of measure named, in the order of the text; a general word ("sanctions") names none.

    A measure with a name of its own ("price cap") counts at once; what a measure bears on ("sanctions on its banks")
    only where a measure stands in the sentence.
    """
    found: dict[Measure, Hit] = {}
    for sentence in sentences:
        named = [h for section in ("measure", "means") for h in document.hits(section, sentence.start, sentence.end)]
        for hit in sorted(named, key=lambda h: h.start):
            if isinstance(hit.entry, Cue) and hit.entry.label is not None and hit.entry.label not in _GENERAL:
                found.setdefault(Measure(hit.entry.label), hit)
    return found


def _realis(document: Document, best: Sentence, stance: Stance) -> Realis:
    """A threat is a plan or a supposition by its nature; a call or a protest is a fact though what it asks for is not."""
    found = realis_of(document, best)
    if stance is Stance.THREATEN:
        return found if found in {Realis.HYPOTHETICAL, Realis.PAST} else Realis.PLANNED
    if stance not in {Stance.EASE, Stance.IMPOSE, Stance.TIGHTEN} and found is not Realis.PAST:
        return Realis.ACTUAL
    return found
