"""The AsyncAPI document, judged by AsyncAPI's own parser."""

import json
from pathlib import Path
from typing import Any

import pytest

from streams.contracts.asyncapi import document
from streams.contracts.yaml_text import yaml_text
from streams.kafka import topic_plans
from streams.settings import TopicSettings
from tests.outside import node_package, ran

CHECK = Path(__file__).with_name("check_asyncapi.mjs")


def findings(path: Path) -> list[dict[str, Any]]:
    node_package("@asyncapi/parser")
    done = ran("node", CHECK, path)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.tools
def test_the_parser_finds_nothing() -> None:
    assert findings(CHECK.parents[2] / "schemas" / "contracts" / "asyncapi.yaml") == []


@pytest.mark.tools
def test_the_parser_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = document()
    wrong["channels"]["articles"]["bindings"]["kafka"]["partitions"] = -1
    path = tmp_path / "asyncapi.yaml"
    path.write_text(yaml_text(wrong), encoding="utf-8")
    assert any("partitions" in finding["path"] for finding in findings(path))


def test_every_topic_is_there_as_it_is_created() -> None:
    bindings = [channel["bindings"]["kafka"] for channel in document()["channels"].values()]
    plans = {plan.name: plan for plan in topic_plans(TopicSettings())}
    assert {binding["topic"] for binding in bindings} == set(plans)
    for binding in bindings:
        plan = plans[binding["topic"]]
        assert binding["partitions"] == plan.partitions
        assert binding["topicConfiguration"] == {
            "cleanup.policy": [plan.config["cleanup.policy"]],
            "retention.ms": int(plan.config["retention.ms"]),
            "max.message.bytes": int(plan.config["max.message.bytes"]),
        }
