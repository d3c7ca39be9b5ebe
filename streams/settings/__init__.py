"""Everything that can be set, and the only reader of the environment.

Order: options of the command line, then `GEOSIGNALS_*`, then `--config FILE` (TOML), then the defaults.
"""

from streams.settings.loading import SettingsError, cache_dir, load, redacted, secrets_of, state_dir
from streams.settings.models import (
    KafkaSettings,
    LogFormat,
    LogLevel,
    LogSettings,
    MetricsSettings,
    SaslMechanism,
    SecurityProtocol,
    Settings,
    TopicSettings,
    WorkerSettings,
)

__all__ = [
    "KafkaSettings",
    "LogFormat",
    "LogLevel",
    "LogSettings",
    "MetricsSettings",
    "SaslMechanism",
    "SecurityProtocol",
    "Settings",
    "SettingsError",
    "TopicSettings",
    "WorkerSettings",
    "cache_dir",
    "load",
    "redacted",
    "secrets_of",
    "state_dir",
]
