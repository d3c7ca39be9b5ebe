"""Dockerfile, compose and Kubernetes: what they say of the program is so. No container engine is needed for it."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.app import group_name
from streams.kafka import topic_plans
from streams.metrics import Lane
from streams.settings import MetricsSettings, Settings, TopicSettings, WorkerSettings
from streams.settings.loading import SECRETS_DIR, setting_names
from tests.deploy.conftest import DEPLOY, alerts, document_of, documents
from tests.outside import ROOT, ran

KUBERNETES = DEPLOY / "kubernetes"
COMPOSE = DEPLOY / "compose.yaml"
FILES = sorted(path for suffix in ("yaml", "yml") for path in DEPLOY.rglob(f"*.{suffix}"))
LANES = {"live": Lane.LIVE, "replay": Lane.REPLAY}
PAGES = {"/metrics", "/healthz", "/readyz"}


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


def instructions(path: Path = DEPLOY / "Dockerfile") -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in text.splitlines()) if name]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_every_file_is_yaml_without_a_key_twice(path: Path) -> None:
    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{path}: a key twice in {keys}"
        loader.flatten_mapping(node)
        return dict(loader.construct_pairs(node, deep=True))

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    assert list(yaml.load_all(path.read_text(encoding="utf-8"), Loader=Strict))


def test_every_setting_that_is_named_exists() -> None:
    known = set(setting_names())
    kubernetes_own = {"GEOSIGNALS_SERVICE_HOST"}  # named in the comment that says why it must not be set
    for path in [*FILES, DEPLOY / "Dockerfile", DEPLOY / "RUNBOOK.md", ROOT / "README.md"]:
        named = set(re.findall(r"\bGEOSIGNALS_[A-Z0-9_]*[A-Z0-9]\b", path.read_text(encoding="utf-8")))
        assert named - known <= kubernetes_own, path


def test_every_setting_in_the_files_is_accepted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As the program itself reads them: names, values, and that they go together."""
    from streams.settings import load

    (tmp_path / "kafka__sasl_password").write_text("x", encoding="utf-8")
    (tmp_path / "ca.pem").write_text("x", encoding="utf-8")
    base = _literals(KUBERNETES / "base" / "kustomization.yaml")
    for overlay in ("staging", "production"):
        environment = base | _literals(KUBERNETES / "overlays" / overlay / "kustomization.yaml")
        for name, value in environment.items():
            monkeypatch.setenv(name, value.replace("/run/secrets/geosignals", str(tmp_path)))
        settings = load()
        assert settings.metrics.host == "0.0.0.0"
        assert settings.metrics.port == MetricsSettings().port
    assert settings.kafka.sasl_password is not None


def _literals(path: Path) -> dict[str, str]:
    (generator,) = document_of(path)["configMapGenerator"]
    return dict(literal.split("=", 1) for literal in generator["literals"])


def test_the_image_runs_the_worker_unprivileged_and_asks_the_right_page() -> None:
    steps = instructions()
    last = dict(steps[max(number for number, (name, _) in enumerate(steps) if name == "FROM") :])
    assert (last["ENTRYPOINT"], last["CMD"]) == ('["geosignals"]', '["worker"]')
    uid = int(last["USER"].partition(":")[0])
    assert uid > 0
    port = MetricsSettings().port
    assert int(last["EXPOSE"]) == port
    assert f"127.0.0.1:{port}/healthz" in last["HEALTHCHECK"]
    assert "GEOSIGNALS_METRICS__HOST=0.0.0.0" in last["ENV"]
    for deployment in deployments().values():
        assert deployment["spec"]["template"]["spec"]["securityContext"]["runAsUser"] == uid


def test_the_image_installs_only_what_is_pinned_by_hash_and_copies_what_is_there() -> None:
    let_through = [
        line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"
    ]
    for name, rest in instructions():
        if name == "RUN" and "pip install" in rest:
            assert "--require-hashes" in rest or "--no-index" in rest
        if name == "COPY" and not rest.startswith("--from"):
            for source in shlex.split(rest)[:-1]:
                assert (ROOT / source).exists()
                assert source in let_through
    for pins in ("runtime.txt", "build.txt"):
        text = (ROOT / "requirements" / pins).read_text(encoding="utf-8")
        requirements = [line for line in text.splitlines() if "==" in line]
        assert requirements and text.count("--hash=sha256:") >= len(requirements)


def test_compose_starts_each_lane_after_the_topics_and_watches_both() -> None:
    services = document_of(COMPOSE)["services"]
    for name, lane in (("worker", "live"), ("replay-worker", "replay")):
        assert services[name]["command"] == ["worker", "--lane", lane]
        assert services[name]["depends_on"] == {"topics": {"condition": "service_completed_successfully"}}
        assert services[name]["restart"] == "unless-stopped"
        assert int(services[name]["stop_grace_period"].rstrip("s")) > WorkerSettings().shutdown_seconds
    assert services["topics"]["command"] == ["topics", "create"]
    scraped = document_of(DEPLOY / "prometheus" / "prometheus.yml")["scrape_configs"]
    targets = {target for job in scraped for each in job["static_configs"] for target in each["targets"]}
    port = MetricsSettings().port
    assert targets == {f"worker:{port}", f"replay-worker:{port}"}
    assert {job["job_name"] for job in scraped} == set(deployments())


def test_what_compose_mounts_and_builds_is_there() -> None:
    for service in document_of(COMPOSE)["services"].values():
        for mount in service.get("volumes", ()):
            source = mount.partition(":")[0]
            assert not source.startswith(".") or (DEPLOY / source).exists(), mount
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


def test_the_brokers_of_compose_take_records_as_large_as_the_topics_do() -> None:
    limit = document_of(COMPOSE)["services"]["kafka"]["environment"]["KAFKA_MESSAGE_MAX_BYTES"]
    assert limit >= max(int(plan.config["max.message.bytes"]) for plan in topic_plans(TopicSettings()))


def test_no_setting_of_ours_is_mistaken_for_the_brokers() -> None:
    for service in ("topics", "worker", "replay-worker"):
        assert all(name.startswith("GEOSIGNALS_") for name in document_of(COMPOSE)["services"][service]["environment"])


def test_docker_compose_takes_the_file() -> None:
    if ran("docker", "compose", "version").returncode != 0:
        pytest.skip("no docker compose here: it is in no package of this system")
    done = ran("docker", "compose", "--file", COMPOSE, "config", "--quiet")
    assert done.returncode == 0, done.stderr


def test_kustomizations_name_what_is_there() -> None:
    for path in kustomizations():
        kustomization = document_of(path)
        for resource in kustomization["resources"]:
            target = path.parent / resource
            assert target.is_file() or (target / "kustomization.yaml").is_file()
        for patch in kustomization.get("patches", ()):
            assert "patch" in patch or (path.parent / patch["path"]).is_file()
            wanted = patch["target"]
            found = [each["metadata"]["name"] for each in resources(wanted["kind"])]
            assert wanted.get("name", found[0]) in found
    listed = {name for name in document_of(KUBERNETES / "base" / "kustomization.yaml")["resources"]}
    present = {path.name for path in (KUBERNETES / "base").glob("*.yaml")} - {"kustomization.yaml"}
    assert listed == present


def test_each_lane_has_its_deployment_with_the_probes_meanings() -> None:
    assert {container_of(each)["args"][-1] for each in deployments().values()} == set(LANES)
    for deployment in deployments().values():
        container = container_of(deployment)
        assert container["args"][:2] == ["worker", "--lane"]
        (port,) = container["ports"]
        assert port["containerPort"] == MetricsSettings().port
        probes = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
        assert {kind: probe["path"] for kind, probe in probes.items()} == {
            "startup": "/healthz",
            "liveness": "/healthz",
            "readiness": "/readyz",
        }
        assert all(probe["port"] == port["name"] and probe["path"] in PAGES for probe in probes.values())


def test_pods_are_restricted_and_have_the_time_to_finish() -> None:
    for deployment in deployments().values():
        pod = deployment["spec"]["template"]["spec"]
        assert pod["terminationGracePeriodSeconds"] > WorkerSettings().shutdown_seconds
        assert pod["enableServiceLinks"] is False  # else GEOSIGNALS_PORT and the like appear, which are no settings
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        container = container_of(deployment)
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["requests"] and container["resources"]["limits"]["memory"]
        assert "replicas" not in deployment["spec"]  # KEDA's


def test_every_selector_finds_its_pods() -> None:
    labels = {name: each["spec"]["template"]["metadata"]["labels"] for name, each in deployments().items()}
    for name, deployment in deployments().items():
        assert deployment["spec"]["selector"]["matchLabels"].items() <= labels[name].items()
    for service in resources("Service"):
        assert service["spec"]["selector"] == labels[service["metadata"]["name"]]
        assert service["spec"]["clusterIP"] == "None"
    for budget in resources("PodDisruptionBudget"):
        assert budget["spec"]["selector"]["matchLabels"] == labels[budget["metadata"]["name"]]
        assert budget["spec"]["maxUnavailable"] == 1
    (policy,) = resources("NetworkPolicy")
    for each in labels.values():
        assert policy["spec"]["podSelector"]["matchLabels"].items() <= each.items()
    (rule,) = policy["spec"]["ingress"]
    assert [port["port"] for port in rule["ports"]] == [MetricsSettings().port]


def test_keda_scales_each_lane_by_its_own_group_and_topic_up_to_the_partitions() -> None:
    settings = Settings()
    topics = {Lane.LIVE: settings.topics.articles, Lane.REPLAY: settings.topics.replay}
    partitions = topic_plans(settings.topics)[0].partitions
    scaled = {each["metadata"]["name"]: each["spec"] for each in resources("ScaledObject")}
    assert set(scaled) == set(deployments())
    for name, spec in scaled.items():
        lane = LANES[container_of(deployments()[name])["args"][-1]]
        (trigger,) = spec["triggers"]
        assert spec["scaleTargetRef"] == {"name": name}
        assert spec["maxReplicaCount"] == partitions
        assert trigger["type"] == "kafka"
        assert trigger["metadata"]["consumerGroup"] == group_name(settings, lane, None)
        assert trigger["metadata"]["topic"] == topics[lane]
        assert trigger["metadata"]["offsetResetPolicy"] == "earliest"
        assert all(isinstance(value, str) for value in trigger["metadata"].values())


def test_the_operators_rules_are_the_rules() -> None:
    (rule,) = resources("PrometheusRule")
    assert [each for group in rule["spec"]["groups"] for each in group["rules"]] == alerts()
    (monitor,) = resources("ServiceMonitor")
    assert monitor["spec"]["endpoints"][0]["path"] in PAGES


def test_secrets_come_as_files_named_as_the_settings() -> None:
    production = KUBERNETES / "overlays" / "production"
    text = (production / "kustomization.yaml").read_text(encoding="utf-8")
    mounted = container_of(document_of(production / "secret.yaml"))["volumeMounts"][0]["mountPath"]
    assert _literals(production / "kustomization.yaml")[SECRETS_DIR] == mounted
    (name,) = re.findall(r"--from-file=(kafka__\w+)=", text)
    assert f"GEOSIGNALS_{name.upper()}_FILE" in setting_names()
    for path in [*KUBERNETES.rglob("*.yaml"), COMPOSE]:
        assert "PASSWORD=" not in path.read_text(encoding="utf-8")
