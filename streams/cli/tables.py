"""`geosignals kinds`, `config show`, `schemas export`: what is, without doing anything."""

import json
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.command import Brokers, Config, say, settings_of


def kinds(config: Config = None) -> None:
    """The kinds of signals: name, topic, and the fields of the payload."""
    from schemas.signal import PAYLOADS

    topics = settings_of(config).topics
    for kind, payload in PAYLOADS.items():
        print(f"{kind}\t{topics.of_kind(kind)}\t{' '.join(payload.model_fields)}")


def config_show(config: Config = None, brokers: Brokers = None) -> None:
    """The settings in force, secrets as stars, as JSON."""
    from streams.settings import redacted

    print(json.dumps(redacted(settings_of(config, brokers)), indent=2))


def schemas_export(
    directory: Annotated[Path, typer.Argument(help="Where the files are written.", metavar="DIR")],
) -> None:
    """Write the JSON Schemas and the AsyncAPI document."""
    from streams.contracts import export

    for path in export(directory):
        say(f"wrote {path}")
