"""Where a replay is, kept in a file, so that a killed one can go on."""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from streams.replay.items import ChangedInput, Position
from streams.replay.tally import Tally

_VERSION = 1
_JOB = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All that a resumed run needs. `job` describes input and options; an output file is good up to `output_bytes`."""

    job: str
    position: Position = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    output_bytes: int = 0
    ends: Position = field(default_factory=dict)
    """With --from-topic: where the topic ended when the first run began."""


def job_id(described: Iterable[str]) -> str:
    """A name for the job that its input and options always give again.

    >>> job_id(["news.jsonl"]) == job_id(["news.jsonl"]), job_id(["a"]) == job_id(["b"])
    (True, False)
    """
    return hashlib.sha256("\x00".join(described).encode("utf-8", "surrogateescape")).hexdigest()[:12]


def path_of(directory: Path, identity: str) -> Path:
    """The checkpoint's file. Raises ValueError for an id that is no file name."""
    if not _JOB.fullmatch(identity):
        raise ValueError(f"--job-id {identity!r}: letters, digits, dots, dashes and underscores, at most 128")
    return directory / "replay" / f"{identity}.json"


def write(path: Path, checkpoint: Checkpoint) -> None:
    """Puts the checkpoint in place of the one before: whole or not at all, whatever stops the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump({"version": _VERSION, **asdict(checkpoint)}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def read(path: Path, job: str) -> Checkpoint:
    """The checkpoint of this job; at its beginning when there is none. Raises ChangedInput when it is another job's."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Checkpoint(job)
    except ValueError as error:
        raise ChangedInput(f"the checkpoint {path} cannot be read: {error}") from None
    if data.get("version") != _VERSION or data.get("job") != job:
        raise ChangedInput(f"the checkpoint {path} belongs to a replay of other input or options")
    return Checkpoint(job, data["position"], Tally(**data["tally"]), data["output_bytes"], data["ends"])
