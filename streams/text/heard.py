"""Who was heard last while a text is read, for pronouns, joint statements and quotes that go on."""

from collections.abc import Sequence
from dataclasses import dataclass

from streams.text.document import Link, Mention, Sentence, Utterance
from streams.text.gazetteer import MentionKind
from streams.text.issuer import SPEAKS


@dataclass(slots=True)
class Memory:
    """The person, the body and the speaker heard last, the two sides of a meeting, and whether a stranger spoke since."""

    person: Mention | None = None
    body: Mention | None = None
    last: Mention | None = None
    pair: tuple[Mention, ...] = ()
    stranger: bool = False

    def note(self, sentence: Sentence, spoken: Sequence[Utterance]) -> None:
        """Take in a sentence that was read: its speakers, else the first person named there."""
        for utterance in spoken:
            if utterance.link is not Link.ISSUER:
                self._hear(utterance.speaker)
        people = [m for m in sentence.mentions if m.code and m.kind is MentionKind.PERSON]
        if people and not spoken:
            self.person = people[0]
        if len(people) > 1 and len(sides := _first_of_each(people)) > 1:
            self.pair = sides[:2]
        elif not self.pair and len(sides := _first_of_each(_speakers(sentence))) == 2:
            self.pair = sides

    def _hear(self, speaker: Mention) -> None:
        self.last, self.stranger = speaker, False
        if speaker.kind is MentionKind.PERSON:
            self.person = speaker
        else:
            self.body = speaker


def _speakers(sentence: Sentence) -> list[Mention]:
    return [m for m in sentence.mentions if m.code and m.kind in SPEAKS]


def _first_of_each(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The first mention of each actor: who met whom, before whose adviser one of them is."""
    first: dict[str | None, Mention] = {}
    for mention in mentions:
        first.setdefault(mention.code, mention)
    return tuple(first.values())
