"""Who speaks: each verb of speaking with its subject, named in the clause, by pronoun, or carried over."""

from collections.abc import Iterator

from streams.text.apposition import aside_before, clause_of_its_own, heads, name_inside, reported_first, stranger_before
from streams.text.document import Document, Link, Mention, Sentence, Utterance
from streams.text.gazetteer import MentionKind
from streams.text.heard import Memory
from streams.text.issuer import SPEAKS, issuer_of
from streams.text.lexicon import Cue
from streams.text.naming import JOINS, NAME
from streams.text.quotes import quote_at, quote_in
from streams.text.vocabulary import Hit

_PREPOSITIONS = frozenset((
    "with", "of", "in", "to", "by", "from", "against", "on", "at", "for", "over", "into", "between", "toward",
    "towards", "about", "under", "via", "inside", "across", "near", "through", "upon", "than", "as",
    "including", "like", "among", "despite",
))  # fmt: skip
_PASSIVE = frozenset(["was", "were", "been", "being", "is", "are", "be"])
_BETWEEN = frozenset(
    ("also", "then", "later", "again", "has", "have", "had", "further", "once", "even", "now", "today")
)
_SINGULAR = frozenset(("he", "she"))
_PLURAL = frozenset(
    ("they", "leaders", "ministers", "sides", "presidents", "officials", "countries", "parties", "both", "governments")
)
_BODY = frozenset(("it", "ministry", "statement", "government", "office", "embassy", "readout"))


def utterances(document: Document) -> dict[int, tuple[Utterance, ...]]:
    """All acts of speaking whose speaker is a known actor, by sentence, in the order of the text."""
    found: dict[int, tuple[Utterance, ...]] = {}
    memory = Memory()
    issuer = issuer_of(document)
    verbs = document.layers.get("speech", ())
    at = 0
    for sentence in document.sentences:
        while at < len(verbs) and verbs[at].start < sentence.start:
            at += 1
        inside = []
        while at < len(verbs) and verbs[at].start < sentence.end:
            inside.append(verbs[at])
            at += 1
        if sentence.furniture:
            continue
        spoken = list(_spoken(document, sentence, inside, memory)) if inside else []
        if not spoken:
            spoken = list(_unspoken(document, sentence, memory, issuer))
        elif issuer is not None and not any(u.speaker.code == issuer.code for u in spoken):
            spoken.append(Utterance(sentence.index, issuer, None, Link.ISSUER, quoted=False))
        if spoken:
            found[sentence.index] = tuple(spoken)
        memory.note(sentence, spoken)
    return found


def _spoken(document: Document, sentence: Sentence, verbs: list[Hit], memory: Memory) -> Iterator[Utterance]:
    quoted = quote_in(document.quotes, sentence.start, sentence.end) is not None
    seen = set()
    for verb in verbs:
        if _is_quoted(document, verb):
            continue
        speakers, link = _subject(document, sentence, verb, memory)
        for speaker in speakers:
            if (speaker.code, verb.start) not in seen:
                seen.add((speaker.code, verb.start))
                yield Utterance(sentence.index, speaker, verb, link, quoted)


def _is_quoted(document: Document, verb: Hit) -> bool:
    """True for a verb inside somebody's words; a verb that stands alone between marks ("appreciated") is the writer's."""
    quote = quote_at(document.quotes, verb.start)
    return quote is not None and quote.end - quote.start > verb.end - verb.start + 2


def _unspoken(document: Document, sentence: Sentence, memory: Memory, issuer: Mention | None) -> Iterator[Utterance]:
    """Words with no verb of speaking: a quote that goes on, what "he" is quoted with, or the text of one who speaks in the
    first person."""
    inside = quote_in(document.quotes, sentence.start, sentence.end)
    if issuer is not None and not sentence.in_title:
        yield Utterance(sentence.index, issuer, None, Link.ISSUER, quoted=False)
    elif inside is not None and memory.last is not None and not memory.stranger:
        covered = min(inside.end, sentence.end) - max(inside.start, sentence.start)
        begins = document.fold[sentence.start : sentence.start + 4].split()[:1]
        if covered * 2 > sentence.end - sentence.start or (begins and begins[0] in _SINGULAR):
            yield Utterance(sentence.index, memory.last, None, Link.CONTINUED, quoted=True)


def _subject(document: Document, sentence: Sentence, verb: Hit, memory: Memory) -> tuple[tuple[Mention, ...], Link]:
    """The subject or subjects of a verb and how they were found; none for a stranger or a verb with no subject."""
    previous = _word_before(document, sentence, verb)
    after = next((m for m in sentence.mentions if m.start >= verb.end), None)
    if previous in _PASSIVE:
        return _agent(document, sentence, verb), Link.AGENT
    aside = aside_before(document, sentence, verb)
    if aside is not None and not reported_first(document, verb, after):
        found = _beside(document, sentence, aside, memory)
        if found is not None:
            return found, Link.SUBJECT
    gap = document.text[verb.end : after.start] if after is not None else ""
    inverted = _inverted(document, sentence, verb)
    if after is not None and inverted and len(gap.split()) <= 2 and not clause_of_its_own(document, after):
        return _joined(document, sentence, after), Link.INVERTED
    if inverted and NAME.match(document.text, verb.end + 1):
        memory.stranger = True
        return (), Link.INVERTED
    if previous in _SINGULAR and not memory.stranger:
        return ((memory.person,) if memory.person else ()), Link.PRONOUN
    named = any(m.end > verb.start - 12 and m.end <= verb.start for m in sentence.mentions)
    if previous in _PLURAL and memory.pair and not named:
        return memory.pair, Link.JOINT
    if previous in _BODY and not named:
        return ((memory.body,) if memory.body else ()), Link.PRONOUN
    return _named(document, sentence, verb, memory)


def _beside(document: Document, sentence: Sentence, aside: int, memory: Memory) -> tuple[Mention, ...] | None:
    """Whom the aside is about; nobody for a stranger, None where no actor stands before it."""
    holder = name_inside(document, sentence, aside)
    if holder is not None:
        return (holder,)
    left = heads(document, sentence, aside)
    if stranger_before(document, sentence, left, aside):
        memory.stranger = True
        return ()
    # office and name are one mention: "X, the Russian spokeswoman", "the president, X"
    if left and left[-1].end > aside:
        outer = document.text.rfind(",", sentence.start, left[-1].start)
        if outer >= 0 and document.ahead(left[-1]) in _PREPOSITIONS:
            return _beside(document, sentence, outer, memory)
        return _joined(document, sentence, left[-1]) if left[-1].kind in SPEAKS else None
    speaker = _nearest(document, left, aside)
    return None if speaker is None else _joined(document, sentence, speaker) if speaker.code else ()


def _word_before(document: Document, sentence: Sentence, verb: Hit) -> str:
    """The word that decides about the subject: adverbs and auxiliaries between it and the verb are passed over."""
    for word in reversed(document.fold[sentence.start : verb.start].split()):
        if word not in _BETWEEN and not word.endswith("ly"):
            return word
    return ""


def _inverted(document: Document, sentence: Sentence, verb: Hit) -> bool:
    """True behind the mark that ends quoted words ("...," said X), and behind a comma for verbs that only report."""
    before = document.text[sentence.start : verb.start].rstrip()
    if before.endswith(","):
        edge = sentence.start + len(before) - 1
        neutral = isinstance(verb.entry, Cue) and verb.entry.label == "say"
        ended = before[-2:-1] in set('"”»')
        return (neutral or ended) and not any(edge - 1 <= mention.end <= edge for mention in sentence.mentions)
    return not before or before[-1] in '"”?!»'


def _agent(document: Document, sentence: Sentence, verb: Hit) -> tuple[Mention, ...]:
    """Who follows "by" in a passive: "was accused by X"."""
    for mention in sentence.mentions:
        if mention.start >= verb.end and mention.kind in SPEAKS and mention.code:
            words = document.fold[verb.end : mention.start].split()
            if words and "by" in words[-3:]:
                return (mention,)
    return ()


def _named(document: Document, sentence: Sentence, verb: Hit, memory: Memory) -> tuple[tuple[Mention, ...], Link]:
    left = [m for m in sentence.mentions if m.end <= verb.start and quote_at(document.quotes, m.start) is None]
    if stranger_before(document, sentence, left, verb.start):
        memory.stranger = True
        return (), Link.SUBJECT
    mention = _nearest(document, left, verb.start)
    return (_joined(document, sentence, mention) if mention is not None and mention.code else ()), Link.SUBJECT


def _nearest(document: Document, left: list[Mention], verb_start: int) -> Mention | None:
    """The last of the mentions that can be a subject: no preposition before it, and more than a noun's adjective."""
    for mention in reversed(left):
        if mention.kind not in SPEAKS:
            continue
        if document.ahead(mention) in _PREPOSITIONS:
            continue
        if (
            mention.kind is MentionKind.DEMONYM
            and document.text[mention.end : mention.end + 1] == " "
            and _noun_follows(document, mention, verb_start)
        ):
            continue
        return mention
    return None


def _noun_follows(document: Document, mention: Mention, verb_start: int) -> bool:
    """A demonym that only describes a noun ("Russian troops said") still speaks for its state when it is close."""
    return len(document.fold[mention.end : verb_start].split()) > 3


def _joined(document: Document, sentence: Sentence, mention: Mention) -> tuple[Mention, ...]:
    """The mention and those joined to it by "and" or a comma: both sides of a joint statement."""
    joined = [mention]
    for other in reversed([m for m in sentence.mentions if m.end <= mention.start]):
        between = document.text[other.end : joined[-1].start].strip()
        if between not in JOINS or other.kind not in SPEAKS:
            break
        joined.append(other)
    return tuple(m for m in joined if m.code)
