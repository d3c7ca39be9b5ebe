"""From a kept reading to a statement's fields: speaker, targets, words quoted, who reports it, each with its proof."""

from collections.abc import Iterator, Sequence

from schemas.diplomatic_statement import Act, DiplomaticStatement
from schemas.signal import Realis
from streams.detectors.candidate import Choice, Proof
from streams.detectors.diplomatic_statement_targets import targets
from streams.text.dates import dates
from streams.text.document import Document, Link, Mention, Sentence, Utterance
from streams.text.gazetteer import MentionKind
from streams.text.lexicon import Cue
from streams.text.quotes import Quote, quote_at

MAX_SPEAKER = 200
"""Code points, as the payload allows."""
_REPORTS = frozenset(
    [
        "quoted",
        "quoting",
        "quotes",
        "cited",
        "citing",
        "cites",
        "reported",
        "reporting",
        "reports",
        "told",
        "tell",
        "telling",
        "said",
        "says",
        "according",
        "via",
    ]
)
_LEADERS = frozenset(("head of state", "head of government"))
_ONE_HOLDER = _LEADERS | {"foreign minister", "defence minister", "ambassador"}
"""Offices that a state has once: "the foreign minister" is the one whom the article names."""
_LONG_AGO = frozenset(("last month", "decades", "years earlier", "during the cold war"))
_TO_COME = frozenset(("will", "would", "expected to", "scheduled to", "plan to", "next year"))
_OPENING = 30
"""Code points: a date that opens its sentence dates what is told; one further in is what the words are about."""


def payload(document: Document, choice: Choice) -> tuple[DiplomaticStatement, tuple[Proof, ...], Realis] | None:
    """The statement of one actor and act, shown by the choice's sentences; None where nobody can be named as its speaker."""
    actor = choice.key[0]
    heard = [u for i in sorted(choice.sentences) for u in document.spoken.get(i, ()) if u.speaker.code == actor]
    best = document.sentences[choice.sentences[0]]
    said = _utterance(heard, best, choice.label)
    speaker = said.speaker if said is not None else _mentioned(document, choice, actor)
    if actor is None or speaker is None:
        return None
    aims = targets(document, choice, said.verb if said is not None else None)
    name = _name(document, speaker)
    role = _role(document, speaker)
    quote = _quote(document, best, speaker)
    via = _via(document, best, speaker)
    act = _act_shown(document, best, choice.label, said)
    statement = DiplomaticStatement(
        speaker=name[:MAX_SPEAKER],
        speaker_actor=actor,
        targets=tuple(m.code for m in aims if m.code),
        act=Act(choice.label),
        quoted=quote is not None,
        role=document.text[role.start : role.end] if role is not None else None,
        quote=document.text[quote.start : quote.end] if quote is not None else None,
        via=via.name if via is not None else None,
    )
    proofs = [
        _speaker_proof(document, speaker, name),
        Proof("speaker_actor", speaker.start, speaker.end),
        *(Proof("targets", m.start, m.end) for m in aims),
        Proof("act", *act),
        *(() if quote is None else (Proof("quoted", quote.start, quote.end), Proof("quote", quote.start, quote.end))),
        *(() if role is None else (role,)),
        *(() if via is None else (Proof("via", via.start, via.end),)),
    ]
    return statement, tuple(proofs), _realis(document, best, choice.label)


def _utterance(heard: Sequence[Utterance], best: Sentence, label: str) -> Utterance | None:
    """Who is heard in the best sentence: a person before a body, for the body's words are the person's ("X said that Moscow
    appreciated"); by a verb of the act before another verb. Who is heard elsewhere only where the sentence names no person of
    the actor: "X addressed Y as his friend" has no verb of speaking, and X is its speaker.
    """
    own = [u for u in heard if u.sentence == best.index] or [
        u for u in heard if _person_in(best, u.speaker.code) is None
    ]
    own.sort(key=lambda u: (u.speaker.kind is not MentionKind.PERSON, not _is_of(u, label)))
    return own[0] if own else None


def _person_in(sentence: Sentence, code: str | None) -> Mention | None:
    return next((m for m in sentence.mentions if m.code == code and m.kind is MentionKind.PERSON), None)


def _is_of(utterance: Utterance, label: str) -> bool:
    verb = utterance.verb
    return verb is not None and isinstance(verb.entry, Cue) and verb.entry.label == label


def _mentioned(document: Document, choice: Choice, actor: str | None) -> Mention | None:
    """Who of the actor is named in the sentences, a person before a body; else the actor's first mention."""
    for index in choice.sentences:
        sentence = document.sentences[index]
        named = _person_in(sentence, actor) or next((m for m in sentence.mentions if m.code == actor), None)
        if named is not None:
            return named
    return next((m for m in document.mentions if m.code == actor), None)


def _name(document: Document, speaker: Mention) -> str:
    """A person's full name, the holder's for an office that the article names one holder of; any other speaker as printed."""
    printed = document.text[speaker.start : speaker.end]
    if speaker.kind is not MentionKind.PERSON:
        return printed
    leading = printed.endswith(" leader")
    if speaker.name != printed or not (speaker.role in _ONE_HOLDER or leading):
        return speaker.name
    offices = _LEADERS if leading else {speaker.role}
    holders = {
        m.name
        for m in document.mentions
        if m.code == speaker.code
        and m.role in offices
        and " " in m.name
        and (m.clue == "office" or m.name != document.text[m.start : m.end])
    }
    return holders.pop() if len(holders) == 1 else printed


def _speaker_proof(document: Document, speaker: Mention, name: str) -> Proof:
    inside = document.text.find(name, speaker.start, speaker.end)
    if inside >= 0:
        return Proof("speaker", inside, inside + len(name))
    return Proof("speaker", speaker.start, speaker.end)


def _role(document: Document, speaker: Mention) -> Proof | None:
    """The office as printed beside the name, here or where the person is named first; None for bodies and where it is not."""
    if speaker.kind is not MentionKind.PERSON:
        return None
    for mention in (speaker, *(m for m in document.mentions if m.name == speaker.name and m.code == speaker.code)):
        for hit in document.hits("role", mention.start, mention.end):
            return Proof("role", hit.start, hit.end)
    return None


def _act_shown(document: Document, best: Sentence, label: str, said: Utterance | None) -> tuple[int, int]:
    """The words that show the act: a verb or phrase of its class in the sentence, else the verb, else the sentence."""
    if said is not None and said.verb is not None and _is_of(said, label):
        return said.verb.start, said.verb.end
    for section in ("speech", "act"):
        for hit in document.hits(section, best.start, best.end):
            if isinstance(hit.entry, Cue) and hit.entry.label == label:
                return hit.start, hit.end
    if said is not None and said.verb is not None and said.sentence == best.index:
        return said.verb.start, said.verb.end
    return best.start, best.end


def _quote(document: Document, best: Sentence, speaker: Mention) -> Quote | None:
    """The first words that the speaker is quoted with: in the best sentence, else where they go on right after or before."""
    for near in (0, 1, -1):
        index = best.index + near
        if not 0 <= index < len(document.sentences):
            continue
        sentence = document.sentences[index]
        own = [u for u in document.spoken.get(index, ()) if _is_same(u.speaker, speaker)]
        if near and (sentence.in_title or not own):
            continue
        for quote in _own_quotes(document, sentence, own):
            return quote
    return None


def _is_same(one: Mention, other: Mention) -> bool:
    return one.code == other.code and (one.name == other.name or MentionKind.PERSON not in {one.kind, other.kind})


def _own_quotes(document: Document, sentence: Sentence, own: Sequence[Utterance]) -> Iterator[Quote]:
    """The sentence's quotes that belong to the speaker: by the verb before them, the first verb where none stands before."""
    if own and all(u.link is Link.ISSUER for u in own):
        return
    verbs = [
        hit
        for hit in document.hits("speech", sentence.start, sentence.end)
        if quote_at(document.quotes, hit.start) is None
    ]
    spoken: dict[int, list[Utterance]] = {}
    for utterance in document.spoken.get(sentence.index, ()):
        if utterance.verb is not None:
            spoken.setdefault(utterance.verb.start, []).append(utterance)
    known = [verb.start for verb in verbs if verb.start in spoken]
    codes = {u.speaker.code for u in own}
    for quote in document.quotes:
        if quote.overlaps(sentence.start, sentence.end):
            inside = [start for start in spoken if quote.start <= start < quote.end]
            before = [start for start in known if start < quote.start]
            speaks = before[-1:] or [start for start in known[:1] if ";" not in document.text[quote.end : start]]
            if inside and any(u.speaker.code in codes for u in spoken[inside[0]]):
                yield quote  # the verb alone is quoted ("Moscow “appreciated” that"): words of whoever speaks for the state
            elif not own or (speaks and any(u in own for u in spoken[speaks[0]])) or not (speaks or known):
                yield quote


def _via(document: Document, best: Sentence, speaker: Mention) -> Mention | None:
    """The agency or outlet that reports the words ("TASS quoted ... as saying", "told Reuters"), or None.

    Where the words go on from an earlier sentence, the one in which the speaker was introduced tells.
    """
    for index in range(best.index, -1, -1):
        sentence = document.sentences[index]
        for mention in sentence.mentions:
            if mention.kind is MentionKind.AGENCY and not _REPORTS.isdisjoint(_around(document, sentence, mention)):
                return mention
        heard = [u for u in document.spoken.get(index, ()) if _is_same(u.speaker, speaker)]
        if not heard or not all(u.link in {Link.CONTINUED, Link.PRONOUN} for u in heard):
            return None
    return None


def _around(document: Document, sentence: Sentence, mention: Mention) -> Iterator[str]:
    yield from document.fold[sentence.start : mention.start].split()[-4:]
    yield from document.fold[mention.end : sentence.end].split()[:5]


def _realis(document: Document, best: Sentence, label: str) -> Realis:
    """A reported statement was made, whatever it says of the future; one dated to an earlier year is background.

    Only a meeting still to come has not taken place.
    """
    published = document.article.published_at
    years = [int(day.text[:4]) for day in dates(document.text, best.start, min(best.end, best.start + _OPENING))]
    words = {hit.entry.lemma for hit in document.hits("modal", best.start, best.end) if isinstance(hit.entry, Cue)}
    if (published is not None and years and max(years) < published.year) or not words.isdisjoint(_LONG_AGO):
        return Realis.PAST
    return Realis.PLANNED if label == "consult" and not words.isdisjoint(_TO_COME) else Realis.ACTUAL
