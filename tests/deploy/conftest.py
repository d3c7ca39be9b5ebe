"""The shell's real Kafka, and the files of `deploy`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.outside import ROOT
from tests.shell.conftest import broker, site

__all__ = ["broker", "site"]

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
COMPOSE = DEPLOY / "compose.yaml"


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


def kustomizations() -> list[Path]:
    return sorted(KUBERNETES.rglob("kustomization.yaml"))


def resources(kind: str) -> Iterator[dict[str, Any]]:
    """The objects of a kind in the base."""
    for path in sorted((KUBERNETES / "base").glob("*.yaml")):
        yield from (each for each in documents(path) if each["kind"] == kind)


def deployments() -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in resources("Deployment")}


def container_of(deployment: dict[str, Any]) -> dict[str, Any]:
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    found: dict[str, Any] = container
    return found


def literals(path: Path) -> dict[str, str]:
    (generator,) = document_of(path)["configMapGenerator"]
    return dict(literal.split("=", 1) for literal in generator["literals"])
