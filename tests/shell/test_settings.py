"""Settings: what goes before what, and one clear line when one is wrong."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from streams.settings import Settings, SettingsError, load, redacted, secrets_of

WRONG = tomllib.loads(Path(__file__).with_name("settings.toml").read_text(encoding="utf-8"))["wrong"]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests counts."""
    for name in [name for name in os.environ if name.upper().startswith("GEOSIGNALS_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("case", WRONG, ids=[case["id"] for case in WRONG])
def test_a_wrong_setting_is_one_clear_line(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    existing = tmp_path / "existing"
    existing.touch()
    for name, value in case.get("env", {}).items():
        monkeypatch.setenv(f"GEOSIGNALS_{name}", value.replace("$EXISTING_FILE", str(existing)))
    config = tmp_path / "config.toml" if "file" in case else None
    if config is not None:
        config.write_text(case["file"], encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(config=config)
    assert case["says"] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_options_go_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[kafka]\nbootstrap_servers='file:1'\ngroup='from-file'\n[metrics]\nport=1\n", encoding="utf-8")
    monkeypatch.setenv("GEOSIGNALS_KAFKA__BOOTSTRAP_SERVERS", "env:1")
    monkeypatch.setenv("GEOSIGNALS_METRICS__PORT", "2")
    settings = load({"kafka": {"bootstrap_servers": "option:1"}, "metrics": {"port": None}}, config)
    assert settings.kafka.bootstrap_servers == "option:1"
    assert settings.metrics.port == 2
    assert settings.kafka.group == "from-file"
    assert settings.topics.dlq == "geo.articles.dlq.v1"


@pytest.mark.parametrize("way", ["variable", "file", "directory", "directory-lower"])
def test_a_password_comes_from_the_environment_or_a_file_and_is_never_shown(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("SECURITY_PROTOCOL", "SASL_PLAINTEXT"), ("SASL_MECHANISM", "PLAIN"), ("SASL_USERNAME", "u")):
        monkeypatch.setenv(f"GEOSIGNALS_KAFKA__{name}", value)
    name = "GEOSIGNALS_KAFKA__SASL_PASSWORD"
    if way == "variable":
        monkeypatch.setenv(name, "s3cret")
    elif way == "file":
        (tmp_path / "password").write_text("s3cret\n", encoding="utf-8")
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "password"))
    else:
        file = name if way == "directory" else "kafka__sasl_password"
        (tmp_path / file).write_text("s3cret", encoding="utf-8")
        monkeypatch.setenv("GEOSIGNALS_SECRETS_DIR", str(tmp_path))
    settings = load()
    assert secrets_of(settings) == ("s3cret",)
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in str(redacted(settings))


def test_every_kind_has_its_topic_by_the_contract() -> None:
    topics = Settings().topics
    assert [topics.of_kind(kind) for kind in ("arms_deal", "sanctions_stance", "diplomatic_statement")] == [
        "geo.signals.arms-deal.v1",
        "geo.signals.sanctions-stance.v1",
        "geo.signals.diplomatic-statement.v1",
    ]
