"""A limit on the share of dead letters: when most of what comes is refused, the fault is ours more likely than theirs."""

from collections import deque
from dataclasses import dataclass, field

_STEPS = 60  # the window moves on in sixtieths of itself, so that its memory is bounded whatever the rate


class TooManyDeadLetters(Exception):
    """More of the records became dead letters than the settings allow."""


@dataclass(slots=True)
class _Step:
    number: int
    records: int = 0
    letters: int = 0


@dataclass(slots=True)
class LetterLimit:
    """Counts over a moving window. `share` is from 0 to 1, None is no limit; `seconds` is the window's length.

    With fewer than `least` records in the window nothing is over the limit: two of three are no share.
    """

    share: float | None
    seconds: float
    least: int
    _steps: deque[_Step] = field(default_factory=deque)
    _records: int = 0
    _letters: int = 0

    def count(self, is_letter: bool, now: float) -> None:
        """Counts one record at `now`, in seconds of any clock that never goes back. Raises TooManyDeadLetters."""
        if self.share is None:
            return
        number = int(now / self.seconds * _STEPS)
        while self._steps and self._steps[0].number <= number - _STEPS:
            gone = self._steps.popleft()
            self._records -= gone.records
            self._letters -= gone.letters
        if not self._steps or self._steps[-1].number != number:
            self._steps.append(_Step(number))
        self._steps[-1].records += 1
        self._steps[-1].letters += is_letter
        self._records += 1
        self._letters += is_letter
        if is_letter and self._records >= self.least and self._letters > self.share * self._records:
            raise TooManyDeadLetters(
                f"{self._letters} of the last {self._records} records would be dead letters, "
                f"the limit is {self.share:.0%} over {self.seconds / 60:g} minutes"
            )
