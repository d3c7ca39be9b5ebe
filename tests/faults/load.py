"""What faults are tried with: small messages of every sort, by number, and what `geosignals classify` makes of them."""

import functools
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import geosignals

SIZE = 800
"""Messages that there are: number 0 to SIZE - 1."""

_TEXTS = (
    "Poland signed a contract with South Korea on Friday to buy {n} K2 tanks, the defence ministry in Warsaw said.",
    "The United States imposed sanctions on Iran on Monday over {n} drone deliveries, the Treasury said.",
    "Russia rejects what the United States says, Foreign Minister Sergei Lavrov said after {n} hours of talks with India.",
    "Rain fell on {n} villages in the valley, and the harvest was late.",
    "France delivered {n} Rafale fighter jets to India on Tuesday, the French defence ministry said.",
    "China opposes the sanctions that the European Union imposed on {n} of its firms, its foreign ministry said.",
)
_BROKEN = 9
"""Each message with a number of this rest by ten is no JSON."""


def message(number: int) -> bytes:
    """An article with a signal or none, or, once in ten, a broken one."""
    article = {"id": f"f{number}", "title": "", "body": _TEXTS[number % len(_TEXTS)].format(n=number + 2)}
    whole = json.dumps(article, ensure_ascii=False).encode()
    return whole[:-2] if number % 10 == _BROKEN else whole


@dataclass(frozen=True, slots=True)
class Offline:
    """What `geosignals classify` wrote: each signal's line by the number of its message, and what it rejected."""

    signals: Mapping[int, tuple[bytes, ...]]
    rejected: frozenset[int]


@functools.cache
def offline() -> Offline:
    """The command's own output over all messages, with no broker."""
    with tempfile.TemporaryDirectory() as home:
        file, rejects = Path(home, "messages.jsonl"), Path(home, "rejects.jsonl")
        file.write_bytes(b"\n".join(message(number) for number in range(SIZE)) + b"\n")
        done = geosignals("classify", str(file), "--rejects", str(rejects))
        lines = rejects.read_text(encoding="utf-8").splitlines()
    signals: dict[int, tuple[bytes, ...]] = {}
    for line in done.stdout.splitlines():
        number = int(json.loads(line)["article"]["id"].removeprefix("f"))
        signals[number] = (*signals.get(number, ()), line.encode())
    rejected = frozenset(int(json.loads(line)["place"].rpartition(":")[2]) - 1 for line in lines)
    assert len(signals) > SIZE // 3 and len(rejected) == SIZE // 10, done.stderr
    return Offline(signals, rejected)
