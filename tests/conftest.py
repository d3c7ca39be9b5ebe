"""What tests of every floor build from: articles, the seeds' own articles, the material beside the checkout."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from schemas.article import Article, article_from
from streams.text.seedfile import SEEDS

# the same examples in every run: a failure is the change's, never the day's
settings.register_profile(
    "same", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same")

ROOT = Path(__file__).resolve().parents[1]
BESIDE = ROOT.parent / "shared"
"""Measuring material that may lie beside a checkout; its texts are not ours, so they are read there and never copied."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on a broker first: they wait more than they work, and two files of tests run beside each other."""
    items.sort(key=lambda item: item.get_closest_marker("broker") is None)


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def built(text: str, **fields: Any) -> Article:
    """An article of 2025 with the text as its body."""
    return article_from(
        {"id": "a", "title": "", "body": text, "published_at": datetime(2025, 9, 3, tzinfo=UTC), **fields}
    )


def beside(name: str) -> Path:
    """A file beside the checkout; the test is skipped on a machine that has none."""
    path = BESIDE / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return path


@pytest.fixture(scope="session")
def seed_articles() -> tuple[Article, ...]:
    """All articles of the seeds, file by file."""
    files = sorted((SEEDS / "articles").glob("*.articles.jsonl"))
    return tuple(article_from(row) for path in files for row in json_lines(path))


@pytest.fixture(scope="session")
def seed_labels() -> dict[str, dict[str, Any]]:
    """Their labels by article id."""
    files = sorted((SEEDS / "articles").glob("*.labels.jsonl"))
    return {row["id"]: row["signals"] for path in files for row in json_lines(path)}


def geosignals(*arguments: str | Path, stdin: str = "", **env: str) -> "subprocess.CompletedProcess[str]":
    """One command in a process of its own, with no setting of the machine that runs the tests."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GEOSIGNALS_")}
    return subprocess.run(
        [sys.executable, "-c", "from streams.cli import main; main()", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=250,
        env={**clean, "PYTHONWARNINGS": "ignore", **env},
        check=False,
    )
