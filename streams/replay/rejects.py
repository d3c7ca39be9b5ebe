"""Where failures go: all of them with their raw bytes into a file, or the first ones as lines for people."""

import base64
import json
from collections.abc import Callable
from typing import IO

from streams.formats import Rejected
from streams.logs import escaped, harmless

Reject = Callable[[Rejected], None]


def kept_in(file: IO[str]) -> Reject:
    """Writes each failure as a JSON line: place, reason, detail, `raw` (`raw_base64` when the bytes are no UTF-8)."""

    def keep(rejected: Rejected) -> None:
        line = {"place": rejected.place, "reason": str(rejected.reason), "detail": rejected.detail}
        try:
            line["raw"] = rejected.raw.decode()
        except UnicodeDecodeError:
            line["raw_base64"] = base64.b64encode(rejected.raw).decode()
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()

    return keep


def told(say: Callable[[str], None], at_most: int | None = None) -> Reject:
    """Says each failure in a line, `place: reason: detail`; after so many only that there are more."""
    count = 0

    def tell(rejected: Rejected) -> None:
        nonlocal count
        count += 1
        if at_most is None or count <= at_most:
            say(f"{escaped(rejected.place)}: {rejected.reason}: {harmless(rejected.detail)}")
        elif count == at_most + 1:
            say("more failures are counted only; --rejects FILE keeps them all")

    return tell
