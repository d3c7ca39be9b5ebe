"""What became of the records: counted in the order of the input, so that a checkpoint's count and position agree."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Counts of a replay; `skipped` and `failed` by reason."""

    read: int = 0
    sent: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)

    def skip(self, reason: str) -> None:
        """One more passed over."""
        self.read += 1
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def fail(self, reason: str) -> None:
        """One more that could not be read or sent."""
        self.read += 1
        self.failed[reason] = self.failed.get(reason, 0) + 1

    def send(self) -> None:
        """One more that went in."""
        self.read += 1
        self.sent += 1

    def report(self) -> str:
        """The end report, one line: read 10, sent 7, skipped 2 (filter 2), failed 1 (not_json 1).

        >>> Tally(10, 7, {"filter": 2}, {"not_json": 1}).report()
        'read 10, sent 7, skipped 2 (filter 2), failed 1 (not_json 1)'
        """
        parts = [f"read {self.read}", f"sent {self.sent}"]
        for name, counts in (("skipped", self.skipped), ("failed", self.failed)):
            by_reason = ", ".join(f"{reason} {count}" for reason, count in Counter(counts).most_common())
            parts.append(f"{name} {sum(counts.values())}" + (f" ({by_reason})" if by_reason else ""))
        return ", ".join(parts)
