"""python -m tests.soak [--rounds 20] [--minutes 30] [--messages 1000000]; 0 leaves a part out. Exit 1: something was found."""

import argparse
import sys

from tests.soak.fuzz import fuzz
from tests.soak.kills import kills
from tests.soak.memory import memory


def main() -> int:
    """Runs the parts one after another."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--rounds", type=int, default=20, help="workers killed, with and without exactly once")
    parser.add_argument("--minutes", type=float, default=30, help="of memory under load")
    parser.add_argument("--rate", type=int, default=50, help="messages a second meanwhile")
    parser.add_argument("--messages", type=int, default=1_000_000, help="mutated messages through read and signals")
    parser.add_argument("--first", type=int, default=0, help="number of the first of them, to go on")
    parser.add_argument("--seed", type=int, default=6, help="another seed gives other messages")
    wish = parser.parse_args()
    is_well = True
    if wish.rounds:
        for exactly_once in (False, True):
            kills(wish.rounds, wish.seed, exactly_once=exactly_once)
    if wish.minutes:
        is_well &= memory(wish.minutes, wish.rate, wish.seed)
    if wish.messages:
        is_well &= fuzz(wish.messages, wish.seed, wish.first) == 0
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
