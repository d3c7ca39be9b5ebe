"""Where settings come from: command line, environment, secret files, TOML file; and the one line when one is wrong."""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, TomlConfigSettingsSource
from pydantic_settings import SettingsError as PydanticSettingsError

from schemas.signal import PAYLOADS
from streams.settings.models import NESTED, PREFIX, Settings, TopicSettings

SECRETS_DIR = f"{PREFIX}SECRETS_DIR"


class SettingsError(Exception):
    """A setting is wrong or unknown: one line that names it and says what is right."""


class _SecretFiles(PydanticBaseSettingsSource):
    """Secrets from files: `GEOSIGNALS_…_FILE`, or a file of the setting's name in `GEOSIGNALS_SECRETS_DIR`."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False  # unused: __call__ below fills whole groups

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, path in _names(Settings):
            if name.endswith("_FILE") and (file := _secret_file(name)) is not None:
                group = found
                for part in path[:-1]:
                    group = group.setdefault(part, {})
                try:
                    group[path[-1]] = file.read_text(encoding="utf-8").rstrip("\r\n")
                except (OSError, UnicodeDecodeError) as error:
                    raise SettingsError(f"{name}: the file {file} cannot be read: {error}") from error
        return found


def _secret_file(name: str) -> Path | None:
    if given := os.environ.get(name):
        return Path(given)
    setting = name.removesuffix("_FILE")
    directory = os.environ.get(SECRETS_DIR)
    candidates = (setting, setting.removeprefix(PREFIX).lower()) if directory else ()
    return next((path for each in candidates if (path := Path(directory or "") / each).is_file()), None)


def load(options: Mapping[str, Any] | None = None, config: Path | None = None) -> Settings:
    """The settings in force. `options` are nested by group; a None in them counts as not given. Raises SettingsError."""

    class Loaded(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            secret_files = {name.lower() for name, _ in _names(Settings) if name.endswith("_FILE")}
            assert isinstance(env_settings, EnvSettingsSource)
            env_settings.env_vars = {k: v for k, v in env_settings.env_vars.items() if k.lower() not in secret_files}
            file = TomlConfigSettingsSource(settings_cls, config)
            return init_settings, env_settings, _SecretFiles(settings_cls), file

    _refuse_unknown_names()
    if config is not None and not config.is_file():
        raise SettingsError(f"--config {config}: no such file")
    try:
        return Loaded(**_without_none(options or {}))
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"--config {config}: {error}") from None
    except PydanticSettingsError as error:  # a whole group given as text that is not JSON
        raise SettingsError(f"{str(error).partition(' from ')[0]}: set the names inside it one by one") from None


def _without_none(options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_none(value) if isinstance(value, Mapping) else value
        for name, value in options.items()
        if value is not None
    }


def _names(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every environment name that means something, with the setting's path."""
    fields = {name: field.annotation for name, field in model.model_fields.items()}
    if model is TopicSettings:
        fields |= dict.fromkeys(PAYLOADS, str)
    for name, kind in fields.items():
        here = (*path, name)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _names(kind, here)
            continue
        variable = PREFIX + NESTED.join(here).upper()
        yield variable, here
        if SecretStr in get_args(kind):
            yield f"{variable}_FILE", here


def setting_names() -> tuple[str, ...]:
    """Every environment name that means something, those of secret files too."""
    return (SECRETS_DIR, *(name for name, _ in _names(Settings)))


def _refuse_unknown_names() -> None:
    known = setting_names()
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name.upper() not in known:
            nearest = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0)
            raise SettingsError(f"{name} is no setting; the nearest is {nearest[0]}")


def _one_line(error: ValidationError) -> str:
    """The first mistake, by the setting's name, never with the value of a secret."""
    first = error.errors(include_url=False)[0]
    path = tuple(str(part) for part in first["loc"])
    names = {where: name for name, where in _names(Settings) if not name.endswith("_FILE")}
    if first["type"] == "extra_forbidden":
        nearest = difflib.get_close_matches(".".join(path), [".".join(where) for where in names], n=1, cutoff=0)
        return f"{'.'.join(path)} is no setting; the nearest is {nearest[0]}"
    message = first["msg"].removeprefix("Value error, ")
    if path not in names:  # what is wrong is how settings of one group go together
        return f"{'.'.join(path)}: {message}"
    secret = f"{names[path]}_FILE" in dict(_names(Settings))
    shown = "" if secret or first["input"] is None else f" (given: {str(first['input'])[:60]!r})"
    return f"{'.'.join(path)} ({names[path]}): {message}{shown}"


def redacted(settings: Settings) -> dict[str, Any]:
    """The settings for showing: secrets as stars, paths and enums as text."""
    return settings.model_dump(mode="json")


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The secrets in the settings, to be starred out wherever they turn up."""
    kafka = settings.kafka
    return tuple(each.get_secret_value() for each in (kafka.sasl_password, kafka.ssl_key_password) if each is not None)


def cache_dir() -> Path:
    """Where what can be fetched again is kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "geosignals"


def state_dir() -> Path:
    """Where what must survive a run, such as checkpoints, is kept."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "geosignals"
