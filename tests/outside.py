"""Programs from outside Python: a test that needs one is skipped where it is missing, and fails there with REQUIRE_TOOLS=1."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[1]
REQUIRED = os.environ.get("REQUIRE_TOOLS") == "1"


def missing(what: str) -> NoReturn:
    """Skips the test, or fails it where everything must be there."""
    reason = f"{what} is not installed (deploy/ci-packages.sh does it)"
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


def program(name: str) -> str:
    """The path of a program."""
    found = shutil.which(name)
    return found if found is not None else missing(name)


def node_package(name: str) -> Path:
    """The directory of an npm package that `npm ci` installs here."""
    program("node")
    path = ROOT / "node_modules" / name
    return path if path.is_dir() else missing(f"the npm package {name}")


def ran(*command: str | Path, stdin: str | None = None, seconds: float = 120) -> "subprocess.CompletedProcess[str]":
    """What a command gave: exit code, standard output and error."""
    return subprocess.run(
        [str(part) for part in command], input=stdin, capture_output=True, text=True, timeout=seconds, check=False
    )
