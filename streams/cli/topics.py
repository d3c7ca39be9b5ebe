"""`geosignals topics create | check`."""

from typing import Annotated

import typer

from streams.cli.command import FAILED, Brokers, Config, say, settings_of

Partitions = Annotated[int, typer.Option(min=1, help="Partitions of each topic that is created.")]
Replication = Annotated[int, typer.Option(min=-1, help="Replicas of each; -1 is the broker's default.")]


def create(
    config: Config = None, brokers: Brokers = None, partitions: Partitions = 3, replication: Replication = -1
) -> None:
    """Create the topics that are missing; those that exist stay as they are."""
    from streams.kafka import create_topics

    settings = settings_of(config, brokers)
    for name, created in create_topics(settings, partitions=partitions, replication=replication).items():
        print(f"{name}\t{'created' if created else 'exists'}")


def check(config: Config = None, brokers: Brokers = None) -> int:
    """Verify that all topics exist and that a worker can rely on their settings; exit 1 if not."""
    from streams.kafka import check_topics

    settings = settings_of(config, brokers)
    findings = check_topics(settings)
    for finding in findings:
        print(finding)
    if not findings:
        say("topics: all there, all right")
    return FAILED if findings else 0
