"""Alerts and dashboard: valid, on series that exist, each alert leads to its section of the runbook and was seen to fire."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest

from streams.metrics import Metrics
from tests.deploy.conftest import DEPLOY, alerts, dashboard, dashboard_queries, document_of
from tests.outside import program, ran

PROMETHEUS = DEPLOY / "prometheus"
RUNBOOK = (DEPLOY / "RUNBOOK.md").read_text(encoding="utf-8")
_SERIES = re.compile(r"\b(?:geosignals|process)_[a-z_]+(?=\s*[{\[)>]|\s*$)|\bup\b")


def exported() -> set[str]:
    """Every series that a worker's page can have, `up` which Prometheus adds, and the parts of histograms."""
    page = generate_latest(Metrics("0", "rules").registry).decode()
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", page, re.MULTILINE))
    parts = {
        f"{name}{part}" for name, kind in types.items() if kind == "histogram" for part in ("_bucket", "_sum", "_count")
    }
    return set(types) | parts | {"up"}


def expressions() -> list[str]:
    return [rule["expr"] for rule in alerts()] + list(dashboard_queries())


def test_every_expression_names_only_series_that_exist() -> None:
    series = exported()
    for expression in expressions():
        without_labels = re.sub(r'"[^"]*"', '""', expression)
        names = set(_SERIES.findall(without_labels))
        assert names, f"no series found in {expression}"
        assert names <= series, f"{names - series} in {expression}"


def test_every_label_that_is_asked_for_exists() -> None:
    added = {"job", "instance", "le"}
    page = generate_latest(Metrics("0", "rules").registry).decode()
    known = added | {"topic", "partition"} | set(re.findall(r'[{,](\w+)="', page))
    for expression in expressions():
        asked = re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", expression)
        asked += [
            name.strip() for group in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression) for name in group.split(",")
        ]
        assert set(asked) <= known, expression


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_an_alert_waits_says_how_bad_it_is_and_leads_to_its_section(rule: dict[str, Any]) -> None:
    assert rule["for"]
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"]
    path, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    assert path == "deploy/RUNBOOK.md"
    headings = {line.lstrip("# ").lower() for line in RUNBOOK.splitlines() if line.startswith("### ")}
    assert anchor == rule["alert"].lower()
    assert anchor in headings


def test_every_alert_is_tested_both_firing_and_silent() -> None:
    tests = [each for test in document_of(PROMETHEUS / "rules.test.yaml")["tests"] for each in test["alert_rule_test"]]
    names = {rule["alert"] for rule in alerts()}
    assert {test["alertname"] for test in tests if test["exp_alerts"]} == names
    assert {test["alertname"] for test in tests if not test["exp_alerts"]} == names


@pytest.mark.tools
def test_promtool_takes_the_configuration_and_the_alerts_fire_and_keep_silent_as_written() -> None:
    for arguments in (
        ("check", "config", PROMETHEUS / "prometheus.yml"),
        ("check", "rules", PROMETHEUS / "rules.yaml"),
        ("test", "rules", PROMETHEUS / "rules.test.yaml"),
    ):
        done = ran(program("promtool"), *arguments)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.tools
def test_promtool_takes_every_expression_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": query} for number, query in enumerate(dashboard_queries())]
    path = tmp_path / "dashboard.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}), encoding="utf-8")
    done = ran(program("promtool"), "check", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_can_be_provisioned_anywhere() -> None:
    board = dashboard()
    assert board["uid"] == "geosignals"
    assert "id" not in board
    assert [variable["name"] for variable in board["templating"]["list"]] == ["datasource", "job"]
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        if panel["type"] != "row":
            assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
            assert panel["title"] and panel["description"]
    provider = document_of(DEPLOY / "grafana" / "provisioning" / "dashboards" / "geosignals.yaml")["providers"][0]
    compose = document_of(DEPLOY / "compose.yaml")
    assert any(
        mount.endswith(f":{provider['options']['path']}/geosignals.json:ro")
        for mount in compose["services"]["grafana"]["volumes"]
    )


def test_the_dashboard_shows_every_series_of_ours() -> None:
    shown = {
        re.sub(r"_(bucket|sum|count)$", "", name) for query in dashboard_queries() for name in _SERIES.findall(query)
    }
    ours = {
        name
        for name in exported()
        if name.startswith("geosignals_") and not name.endswith(("_bucket", "_sum", "_count"))
    }
    assert ours <= shown
