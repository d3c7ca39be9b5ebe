"""`geosignals dlq list | requeue`."""

import signal
import time
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.command import FAILED, Brokers, Config, UsageError, say, settings_of

if TYPE_CHECKING:
    from streams.dlq.letter import Choice

Reasons = Annotated[
    list[str] | None, typer.Option("--reason", metavar="REASON", help="Only these letters; may be given several times.")
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Only records of this time (ISO or epoch) or later.")
]


def show(
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines, with more fields.")] = False,
    reason: Reasons = None,
    since: Since = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the youngest so many.")] = None,
    config: Config = None,
    brokers: Brokers = None,
) -> None:
    """Show the dead letters, oldest first, one a line.

    Between tabs: age, reason, topic/partition/offset of the record, attempt, key, whether it was requeued, first bytes.
    What is not printable is escaped. Age and --since go by the record's own time.
    """
    from streams.dlq.listing import rows

    settings, choice = settings_of(config, brokers, chatty=False), _choice(reason, since)
    found, now = rows(settings, choice, limit), time.time()
    for each in found:
        print(each.json_line(now) if as_json else each.line(now))
    counts = Counter(each.reason or "unknown" for each in found)
    say("dlq: " + (", ".join(f"{name} {count}" for name, count in counts.most_common()) or "no letters"))


def requeue(
    reason: Reasons = None,
    since: Since = None,
    max_attempts: Annotated[
        int, typer.Option("--max-attempts", metavar="N", min=1, help="A record that was tried so often stays.")
    ] = 3,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go; write nothing.")] = False,
    config: Config = None,
    brokers: Brokers = None,
) -> int:
    """Send dead letters back to the topic they came from, each once, with its attempts counted.

    Reads what is there at the start. Key, value and headers stay, the error headers go. Exit 1 when a chosen letter
    could not go: tried too often, of no topic of ours, or not taken by Kafka.
    """
    from streams.dlq.ledger import TooScattered
    from streams.dlq.requeue import Outcome, Plan
    from streams.dlq.requeue import requeue as sent_back

    settings, choice = settings_of(config, brokers, chatty=False), _choice(reason, since)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    counts: Counter[Outcome] = Counter()
    try:
        for each in sent_back(settings, Plan(choice, max_attempts, dry_run)):
            counts[each.outcome] += 1
            place = f"{each.row.reason or 'unknown'}\t{each.row.place}\t{each.row.key or '-'}"
            print(f"{each.outcome}\t{place}" + (f"\t{each.why}" if each.why else ""), flush=True)
    except TooScattered as error:
        say(f"geosignals: {error}")
        return FAILED
    finally:
        went = Outcome.WOULD_GO if dry_run else Outcome.REQUEUED
        say("dlq: " + ", ".join(f"{outcome} {counts[outcome]}" for outcome in (went, Outcome.REFUSED, Outcome.FAILED)))
    return FAILED if counts[Outcome.REFUSED] or counts[Outcome.FAILED] else 0


def _choice(reasons: list[str] | None, since: str | None) -> "Choice":
    """What the options choose. Raises UsageError for a reason that does not exist and a time that is none."""
    from streams.dlq.letter import Choice
    from streams.metrics import FAILURES
    from streams.replay.selection import WrongOption, moment

    if unknown := sorted(set(reasons or ()) - set(FAILURES)):
        raise UsageError(f"--reason {unknown[0]!r}: there is no such reason; there are {', '.join(FAILURES)}")
    try:
        start = None if since is None else moment(since, "--since")
    except WrongOption as error:
        raise UsageError(str(error)) from error
    return Choice(frozenset(reasons) if reasons else None, start)
