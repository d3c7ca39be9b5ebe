"""Everything that can be set, with its default."""

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, FilePath, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.signal import PAYLOADS

PREFIX = "GEOSIGNALS_"
NESTED = "__"
_SERVER = re.compile(r"(?:[^\s:,\[\]/]+|\[[0-9a-fA-F:.]+\]):\d{1,5}")


class SecurityProtocol(StrEnum):
    """Kafka's own names."""

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"


class SaslMechanism(StrEnum):
    """The mechanisms that both clients (aiokafka and kafka-python) speak with a user name and a password."""

    PLAIN = "PLAIN"
    SCRAM_SHA_256 = "SCRAM-SHA-256"
    SCRAM_SHA_512 = "SCRAM-SHA-512"


class LogFormat(StrEnum):
    """`auto` is console on a terminal, JSON elsewhere."""

    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """What is logged at least."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KafkaSettings(_Group):
    """How to reach Kafka, and how to read it."""

    bootstrap_servers: str = "127.0.0.1:9092"
    security_protocol: SecurityProtocol = SecurityProtocol.PLAINTEXT
    sasl_mechanism: SaslMechanism | None = None
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_cafile: FilePath | None = None
    ssl_certfile: FilePath | None = None
    ssl_keyfile: FilePath | None = None
    ssl_key_password: SecretStr | None = None
    group: Annotated[str, Field(min_length=1, max_length=200)] = "geosignals"
    exactly_once: bool = False
    """Kafka transactions: a read_committed consumer sees each signal once. Off: at least once, duplicates carry the same id."""

    @model_validator(mode="after")
    def _complete(self) -> "KafkaSettings":
        servers = self.bootstrap_servers.split(",")
        if wrong := [server for server in servers if not _SERVER.fullmatch(server.strip())]:
            raise ValueError(f"bootstrap_servers: {wrong[0]!r} is not HOST:PORT")
        if self.security_protocol.startswith("SASL_"):
            for name in ("sasl_mechanism", "sasl_username", "sasl_password"):
                if getattr(self, name) is None:
                    raise ValueError(f"{name} is needed with {self.security_protocol}")
        if (self.ssl_certfile is None) != (self.ssl_keyfile is None):
            raise ValueError("ssl_certfile and ssl_keyfile belong together: set both or none")
        return self


class TopicSettings(_Group):
    """One name for each topic; the kinds' come from the registry of payloads, so that a new kind has its topic by itself."""

    model_config = ConfigDict(frozen=True, extra="allow")

    articles: str = "geo.articles.v1"
    replay: str = "geo.articles.replay.v1"
    dlq: str = "geo.articles.dlq.v1"

    def of_kind(self, kind: str) -> str:
        """The topic that signals of a kind go to."""
        return str(getattr(self, kind))

    @model_validator(mode="before")
    @classmethod
    def _one_per_kind(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        for name in data:
            if name not in PAYLOADS and name not in cls.model_fields:
                raise ValueError(f"{name!r} is no topic of ours")
        return {kind: f"geo.signals.{kind.replace('_', '-')}.v1" for kind in PAYLOADS} | data

    @model_validator(mode="after")
    def _distinct(self) -> "TopicSettings":
        names = [str(name) for name in self.model_dump().values()]
        for name in names:
            if not re.fullmatch(r"[a-zA-Z0-9._-]{1,249}", name):
                raise ValueError(f"{name!r} is not a topic name")
            if names.count(name) > 1:
                raise ValueError(f"{name!r} is given to two topics")
        return self


class MetricsSettings(_Group):
    """Where `/metrics`, `/healthz` and `/readyz` are served."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 6066
    """0 picks a free one."""


class LogSettings(_Group):
    """How the program logs, on standard error."""

    format: LogFormat = LogFormat.AUTO
    level: LogLevel = LogLevel.INFO


class WorkerSettings(_Group):
    """Bounds of the worker."""

    in_flight: Annotated[int, Field(ge=1, le=100_000)] = 500
    """Articles whose outputs the broker has not yet confirmed; more are not taken."""
    session_seconds: Annotated[float, Field(ge=6, le=90)] = 20.0
    """A worker that died is missed by its group after so long; the others then take its partitions over."""
    shutdown_seconds: Annotated[float, Field(gt=0)] = 25.0
    """A shutdown that takes longer ends with exit 70, unacked."""
    stall_seconds: Annotated[float, Field(gt=0)] = 300.0
    """Lag above zero and no progress for so long: /healthz fails."""
    delivery_seconds: Annotated[float, Field(ge=1, le=3600)] = 120.0
    """An output that Kafka has not confirmed for so long ends the worker with exit 70, unacked; a restart goes on."""
    dead_letter_share: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Above this share of records that are dead letters a lane ends with exit 70, unacked: then the fault is ours more
    likely than theirs. None is no limit; the alert on the share does not need it."""
    dead_letter_minutes: Annotated[float, Field(gt=0, le=1440)] = 15.0
    """The share is taken over so many minutes that have just passed."""
    dead_letter_least: Annotated[int, Field(ge=1)] = 100
    """With fewer records in these minutes there is no share."""
    replay_niceness: Annotated[int, Field(ge=0, le=19)] = 10
    """Added to that of `geosignals replay` and of a worker that has the replay lane alone; 0 makes it live news' equal."""


class Settings(BaseSettings):
    """All settings, checked. `load` builds it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=NESTED, frozen=True, extra="forbid", validate_default=True
    )

    kafka: KafkaSettings = KafkaSettings()
    topics: TopicSettings = TopicSettings()
    metrics: MetricsSettings = MetricsSettings()
    log: LogSettings = LogSettings()
    worker: WorkerSettings = WorkerSettings()
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Signals below it are not written."""
