"""A plain reading of one actor's stance from its role and the words that govern the measure: a guess for the weights to trust."""

from collections.abc import Iterator, Sequence

from streams.detectors.sanctions_stance_frames import Frame
from streams.text.document import Mention

_ASKS = frozenset(("support", "threaten"))
_ACTS = frozenset(("impose", "tighten"))
_BY_SPEECH = {
    "accuse": "oppose",
    "reject": "oppose",
    "threaten": "threaten",
    "request": "support",
    "support": "support",
}
_RAREST = ("evade", "comply", "defy", "ease", "oppose", "threaten", "tighten", "support", "impose")
_SUBJECT = frozenset(("first subject", "next subject"))
_SENDER = frozenset(("owner", "sent by", "first agent", "next agent"))
_HIT = frozenset(("sent on", "first object", "next object", "first passive", "behind"))


def guesses(
    read: Sequence[Frame], own: Sequence[Mention], said: str | None, speaks: bool, labels: Sequence[str]
) -> Iterator[str]:
    """Readable guesses ("subject=oppose"): one for each way in which the actor takes part, and a last resort.

    `said` is the label of its verb of speaking, None without one; `labels` are the stance words of the sentence.
    """
    last = next((label for label in _RAREST if label in labels), "none")
    for frame in read:
        roles = {role for mention in own for role in frame.roles.get(mention.start, ())}
        left, _, right = frame.chain.partition("|")
        words = [word for word in left.split(">") if word in _RAREST]
        plain = len(words) + bool(right) == 1 and not frame.mood
        for part, taken, sense_of in (("subject", _SUBJECT, _acted), ("sender", _SENDER, _sent)):
            if roles & taken:
                sense = sense_of(words, right, frame.mood)
                yield f"{part}={sense}"
                if plain:
                    yield f"{part} plainly={sense}"
                    yield f"plainly={sense}"
                    yield f"one word={sense} {frame.lemma}"
        if roles & _HIT and not roles & _SUBJECT:
            yield f"hit={last}"
        if speaks:
            yield f"speaker={_spoken(said, words, right, frame.mood)}"
    yield f"last={last}"


def _acted(words: Sequence[str], right: str, mood: Sequence[str]) -> str:
    """What the subject of the governing words does: "urged to lift" opposes, "opposed lifting" supports."""
    first = words[0] if words else right or "none"
    then = words[1] if len(words) > 1 else right if words else ""
    if first == "support":
        return "oppose" if then in {"ease", "oppose"} else "support"
    if first == "oppose":
        return "support" if then == "ease" else "oppose"
    if first == "threaten":
        return then if then in {"ease", "oppose", "defy"} else "threaten"
    if first in _ACTS:
        if "negation" in mood:
            return "refuse"
        if then in {"ease", "oppose"}:
            return then
        return "threaten" if {"future", "hypothetical"} & set(mood) else first if then != "tighten" else "tighten"
    if first == "comply":
        return "defy" if "negation" in mood else "comply"
    if first == "ease":
        return "keep" if "negation" in mood else "ease"
    return first


def _sent(words: Sequence[str], right: str, mood: Sequence[str]) -> str:
    """What is told of the sender of the measure, whoever tells it."""
    told = [word for word in (*words, right) if word in {"ease", "tighten", "threaten"}]
    if told:
        return told[-1]
    return "threaten" if {"future", "hypothetical"} & set(mood) else "impose" if right or words else "named"


def _spoken(said: str | None, words: Sequence[str], right: str, mood: Sequence[str]) -> str:
    """What one who speaks of the measure wants: a request to ease it is opposition, a request for it is support."""
    by_speech = _BY_SPEECH.get(said or "")
    eased = "ease" in words or right == "ease"
    if by_speech == "support":
        return "oppose" if eased and said == "request" else "support"
    if by_speech is not None:
        return by_speech
    return _acted(words, right, mood)
