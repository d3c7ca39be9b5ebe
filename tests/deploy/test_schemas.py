"""Kubernetes' overlays as kubectl builds them, and compose.yaml, judged by published schemas; no cluster or engine needed."""

import copy
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.conftest import COMPOSE, KUBERNETES, container_of, literals
from tests.outside import missing, node_package, program, ran

CHECK = Path(__file__).with_name("check_kubernetes.mjs")
OVERLAYS = ("production", "staging")
KINDS = {
    "ConfigMap",
    "Deployment",
    "Namespace",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "PrometheusRule",
    "ScaledObject",
    "Service",
    "ServiceAccount",
    "ServiceMonitor",
}


def built(overlay: str) -> list[dict[str, Any]]:
    """The objects that `kubectl apply -k` would send."""
    kubectl = Path(sys.executable).with_name("kubectl")
    if not kubectl.is_file():
        missing("kubectl, whose wheel is for Linux only,")
    done = ran(kubectl, "kustomize", KUBERNETES / "overlays" / overlay)
    assert (done.returncode, done.stderr) == (0, "")
    return list(yaml.safe_load_all(done.stdout))


def findings(objects: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What the schemas of Kubernetes, KEDA and Prometheus' operator say against them."""
    for package in ("kubernetes-models", "@kubernetes-models/keda", "@kubernetes-models/prometheus-operator"):
        node_package(package)
    done = ran("node", CHECK, stdin=json.dumps(objects))
    assert done.returncode == 0, done.stderr
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def of_kind(objects: list[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    return (each for each in objects if each["kind"] == kind)


@pytest.mark.tools
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_schemas_find_nothing(overlay: str) -> None:
    objects = built(overlay)
    assert {each["kind"] for each in objects} >= KINDS
    assert findings(objects) == []


@pytest.mark.tools
@pytest.mark.parametrize(
    ("kind", "path", "value", "says"),
    [
        ("Deployment", "spec/template/spec/terminationGracePeriod", 40, "is in no schema"),
        ("Deployment", "spec/template/spec/terminationGracePeriodSeconds", "40s", "must be integer"),
        ("NetworkPolicy", "spec/policyTypes", "Ingress", "must be array"),
        ("PodDisruptionBudget", "spec/maxUnavailabel", 1, "is in no schema"),
        ("ScaledObject", "spec/triggers", "kafka", "must be array"),
        ("ScaledObject", "spec/coolDownPeriod", 600, "is in no schema"),
        ("ServiceMonitor", "spec/endpoints/0/intervall", "15s", "is in no schema"),
        ("PrometheusRule", "spec/groups/0/rules/0/expr", None, "expr"),
    ],
)
def test_the_schemas_find_what_is_wrong(kind: str, path: str, value: object, says: str) -> None:
    wrong = copy.deepcopy(next(of_kind(built("staging"), kind)))
    *parents, last = path.split("/")
    inside: Any = wrong
    for parent in parents:
        inside = inside[int(parent) if isinstance(inside, list) else parent]
    if value is None:
        del inside[last]
    else:
        inside[last] = value
    found = findings([wrong])
    assert any(says in each["message"] for each in found), found


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_says_everywhere_where_kafka_is(overlay: str) -> None:
    objects = built(overlay)
    servers = literals(KUBERNETES / "overlays" / overlay / "kustomization.yaml")["GEOSIGNALS_KAFKA__BOOTSTRAP_SERVERS"]
    (config,) = of_kind(objects, "ConfigMap")
    assert config["data"]["GEOSIGNALS_KAFKA__BOOTSTRAP_SERVERS"] == servers
    assert config["data"]["GEOSIGNALS_METRICS__HOST"] == "0.0.0.0"  # merged with the base's, not put in their place
    for deployment in of_kind(objects, "Deployment"):
        assert container_of(deployment)["envFrom"] == [{"configMapRef": {"name": config["metadata"]["name"]}}]
    for scaled in of_kind(objects, "ScaledObject"):
        assert scaled["spec"]["triggers"][0]["metadata"]["bootstrapServers"] == servers
    (policy,) = of_kind(objects, "NetworkPolicy")
    ports = {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}
    assert {int(server.rpartition(":")[2]) for server in servers.split(",")} <= ports
    assert {each["metadata"].get("namespace") for each in objects if each["kind"] != "Namespace"} == {"geosignals"}


def test_the_production_overlay_mounts_the_secret_into_both_lanes_and_gives_keda_its_own() -> None:
    objects = built("production")
    deployments = list(of_kind(objects, "Deployment"))
    assert len(deployments) == 2
    for deployment in deployments:
        pod = deployment["spec"]["template"]["spec"]
        assert {"tmp", "kafka"} == {volume["name"] for volume in pod["volumes"]}
        mounts = {mount["name"]: mount for mount in container_of(deployment)["volumeMounts"]}
        assert mounts["kafka"]["readOnly"] is True
        assert "env" not in container_of(deployment)
    (authentication,) = of_kind(objects, "TriggerAuthentication")
    for scaled in of_kind(objects, "ScaledObject"):
        assert scaled["spec"]["triggers"][0]["authenticationRef"] == {"name": authentication["metadata"]["name"]}


def test_compose_is_by_the_specification() -> None:
    check = Path(sys.executable).with_name("check-jsonschema")
    done = ran(check, "--builtin-schema", "vendor.compose-spec", COMPOSE)
    assert done.returncode == 0, done.stdout


def test_the_specification_finds_what_is_wrong_with_a_compose_file(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(COMPOSE.read_text(encoding="utf-8").replace("stop_grace_period", "stop_grace"), encoding="utf-8")
    done = ran(Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", wrong)
    assert done.returncode == 1
    assert "stop_grace" in done.stdout


@pytest.mark.tools
def test_docker_compose_takes_the_file(tmp_path: Path) -> None:
    """By the plugin, or by Debian's older program, which knows all of the file but its `name`."""
    docker: tuple[str, ...] = ("docker", "compose")
    file = COMPOSE
    if ran("sh", "-c", "docker compose version").returncode != 0:
        docker = (program("docker-compose"),)
        file = tmp_path / "compose.yaml"
        file.write_text(re.sub(r"^name: .*\n", "", COMPOSE.read_text(encoding="utf-8"), flags=re.MULTILINE), "utf-8")
    done = ran(*docker, "--project-directory", COMPOSE.parent, "--file", file, "config")
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert services["worker"]["environment"] == services["replay-worker"]["environment"]
    assert {name for name, each in services.items() if each.get("read_only")} == {"topics", "worker", "replay-worker"}
