"""Dockerfile, compose and Kubernetes: what they say of the program is so. No container engine is needed for it."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.kafka import topic_plans
from streams.settings import MetricsSettings, TopicSettings, WorkerSettings
from streams.settings.loading import setting_names
from tests.deploy.conftest import COMPOSE, DEPLOY, KUBERNETES, deployments, document_of, literals
from tests.outside import ROOT

FILES = sorted(path for suffix in ("yaml", "yml") for path in DEPLOY.rglob(f"*.{suffix}"))


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
    base = literals(KUBERNETES / "base" / "kustomization.yaml")
    for overlay in ("staging", "production"):
        environment = base | literals(KUBERNETES / "overlays" / overlay / "kustomization.yaml")
        for name, value in environment.items():
            monkeypatch.setenv(name, value.replace("/run/secrets/geosignals", str(tmp_path)))
        settings = load()
        assert settings.metrics.host == "0.0.0.0"
        assert settings.metrics.port == MetricsSettings().port
    assert settings.kafka.sasl_password is not None


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


def test_every_image_that_is_not_built_here_is_pinned_by_tag_and_digest() -> None:
    (base,) = (rest.partition("=")[2] for name, rest in instructions() if name == "ARG")
    services = document_of(COMPOSE)["services"].values()
    built = {service["image"] for service in services if "build" in service}
    assert built == {"geosignals"}
    for image in {base} | {service["image"] for service in services} - built:
        assert re.fullmatch(r"[a-z/]+:[\w.-]+@sha256:[0-9a-f]{64}", image), image


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
