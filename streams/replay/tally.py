"""What became of the records: counted in the order of the input, so that a checkpoint's count and position agree."""

import base64
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from streams.formats import Rejected

Reject = Callable[[Rejected], None]


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


def rejects_to(file: IO[str] | None) -> Reject:
    """Writes each failure as a JSON line with its raw bytes (`raw` as text, `raw_base64` when it is no UTF-8)."""

    def write(rejected: Rejected) -> None:
        if file is None:
            return
        line = {"place": rejected.place, "reason": str(rejected.reason), "detail": rejected.detail}
        try:
            line["raw"] = rejected.raw.decode()
        except UnicodeDecodeError:
            line["raw_base64"] = base64.b64encode(rejected.raw).decode()
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()

    return write
