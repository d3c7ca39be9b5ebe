"""Secrets come from files and are never shown."""

import json
from pathlib import Path

import pytest

from streams.settings import load, redacted, secrets_of
from tests.security.conftest import PASSWORD, WAYS, Site

pytestmark = pytest.mark.broker


@pytest.mark.parametrize("way", WAYS)
def test_secrets_are_never_shown(secured: Site, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in secured.access(way, "live").items():
        monkeypatch.setenv(name, value)
    settings = load()
    shown = redacted(settings)
    secret = "ssl_key_password" if way == "mutual" else "sasl_password"
    assert set(shown["kafka"][secret]) == {"*"}
    assert PASSWORD not in json.dumps(shown) + repr(settings)
    assert secrets_of(settings) == (PASSWORD,)


def test_a_secrets_directory_does_as_well(secured: Site, tmp_path: Path) -> None:
    access = secured.access("scram", "checker")
    password = Path(access.pop("GEOSIGNALS_KAFKA__SASL_PASSWORD_FILE")).read_text(encoding="utf-8")
    (tmp_path / "kafka__sasl_password").write_text(password, encoding="utf-8")
    code, _, err = secured.run(["topics", "check"], access | {"GEOSIGNALS_SECRETS_DIR": str(tmp_path)})
    assert code == 0, err
