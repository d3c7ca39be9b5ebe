"""The shell's real Kafka, and the files of `deploy`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.outside import ROOT
from tests.shell.conftest import broker, site

__all__ = ["DEPLOY", "alerts", "broker", "dashboard", "dashboard_queries", "document_of", "documents", "site"]

DEPLOY = ROOT / "deploy"


def documents(path: Path) -> list[dict[str, Any]]:
    """The documents of a YAML file."""
    return [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each is not None]


def document_of(path: Path) -> dict[str, Any]:
    """The one document of a YAML file."""
    (document,) = documents(path)
    return document


def alerts() -> list[dict[str, Any]]:
    """The alert rules."""
    groups = document_of(DEPLOY / "prometheus" / "rules.yaml")["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    """The Grafana dashboard."""
    found: dict[str, Any] = json.loads((DEPLOY / "grafana" / "geosignals.json").read_text(encoding="utf-8"))
    return found


def dashboard_queries(rate_interval: str = "1m") -> Iterator[str]:
    """Its expressions as Grafana sends them, with all jobs chosen."""
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            query = target["expr"].replace("$__rate_interval", rate_interval).replace("$job", "geosignals.*")
            assert not re.search(r"\$\w", query), f"a variable that does not exist: {query}"
            yield query
