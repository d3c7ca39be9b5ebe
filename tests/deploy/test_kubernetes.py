"""The Kubernetes files: they name what is there, fit each other and the program, and build a restricted pod for each lane."""

import re

from streams.app.lanes import group_name
from streams.kafka import topic_plans
from streams.metrics import Lane
from streams.settings import MetricsSettings, Settings, WorkerSettings
from streams.settings.loading import SECRETS_DIR, setting_names
from tests.deploy.conftest import (
    COMPOSE,
    KUBERNETES,
    alerts,
    container_of,
    deployments,
    document_of,
    kustomizations,
    literals,
    resources,
)

LANES = {"live": Lane.LIVE, "replay": Lane.REPLAY}
PAGES = {"/metrics", "/healthz", "/readyz"}


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
    assert literals(production / "kustomization.yaml")[SECRETS_DIR] == mounted
    (name,) = re.findall(r"--from-file=(kafka__\w+)=", text)
    assert f"GEOSIGNALS_{name.upper()}_FILE" in setting_names()
    for path in [*KUBERNETES.rglob("*.yaml"), COMPOSE]:
        assert "PASSWORD=" not in path.read_text(encoding="utf-8")
