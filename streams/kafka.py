"""Topics, lag and clients by kafka-python: security options in one place, errors in one line."""

import logging
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import ConfigResource, OffsetSpec
from kafka.errors import (
    AuthorizationError,
    KafkaError,
    KafkaTimeoutError,
    RetriableError,
    TopicAlreadyExistsError,
)

from schemas.article import MAX_MESSAGE_BYTES
from schemas.signal import PAYLOADS
from streams.settings import KafkaSettings, SecurityProtocol, Settings, TopicSettings

_DAY_MS = 24 * 3600 * 1000
# larger than an article may be: what is too large must still arrive, to become a dead letter and not a mystery
ARTICLE_BYTES = 4 * MAX_MESSAGE_BYTES
# a dead letter is the article's record plus the headers that say what was wrong
DEAD_LETTER_BYTES = ARTICLE_BYTES + 256 * 1024
CONNECT_SECONDS = 10.0
_SAID = re.compile(r"failed with response .*\berror_message='(?P<words>[^']*)'")


class KafkaUnavailable(Exception):
    """Kafka cannot be reached, or refuses: one line that says which and where."""


class _LastWords(logging.Handler):
    """kafka-python says only to its log why it cannot connect (a wrong password, another certificate): kept for our line."""

    reason = ""

    def emit(self, record: logging.LogRecord) -> None:
        causes = [arg for arg in record.args or () if isinstance(arg, Exception)]
        if causes and not isinstance(causes[-1], KafkaTimeoutError):
            self.reason = str(causes[-1]).partition("\n")[0]
        library = logging.getLogger("kafka")
        if library.isEnabledFor(record.levelno):
            library.handle(record)


_WORDS = _LastWords()
_CONNECTIONS = logging.getLogger("kafka.net.manager")
_CONNECTIONS.setLevel(logging.WARNING)
_CONNECTIONS.addHandler(_WORDS)
_CONNECTIONS.propagate = False  # the handler passes on what the library's level lets through


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """A topic as it should be."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]


def topic_plans(topics: TopicSettings, *, partitions: int = 3, replication: int = -1) -> tuple[TopicPlan, ...]:
    """Every topic of ours; `replication` -1 is the broker's default."""

    def plan(name: str, days: int, max_bytes: int = MAX_MESSAGE_BYTES) -> TopicPlan:
        config = {
            "cleanup.policy": "delete",
            "retention.ms": str(days * _DAY_MS),
            "max.message.bytes": str(max_bytes + 64 * 1024),  # the record's frame and the batch's
        }
        return TopicPlan(name, partitions, replication, config)

    return (
        plan(topics.articles, 30, ARTICLE_BYTES),
        plan(topics.replay, 7, ARTICLE_BYTES),
        *(plan(topics.of_kind(kind), 90) for kind in PAYLOADS),
        plan(topics.dlq, 30, DEAD_LETTER_BYTES),
    )


def client_options(kafka: KafkaSettings) -> dict[str, Any]:
    """Keyword arguments for every kafka-python client: servers and security."""
    options: dict[str, Any] = {
        "bootstrap_servers": [server.strip() for server in kafka.bootstrap_servers.split(",")],
        "security_protocol": kafka.security_protocol.value,
        "client_id": "geosignals",
    }
    if (context := ssl_context(kafka)) is not None:
        options["ssl_context"] = context
    if kafka.sasl_mechanism is not None:
        options |= {
            "sasl_mechanism": kafka.sasl_mechanism.value,
            "sasl_plain_username": kafka.sasl_username,
            "sasl_plain_password": kafka.sasl_password.get_secret_value() if kafka.sasl_password else None,
        }
    return options


def ssl_context(kafka: KafkaSettings) -> ssl.SSLContext | None:
    """The TLS context that the settings ask for, or None without TLS. Raises KafkaUnavailable for files that are no PEM."""
    if kafka.security_protocol not in (SecurityProtocol.SSL, SecurityProtocol.SASL_SSL):
        return None
    try:
        context = ssl.create_default_context(cafile=kafka.ssl_cafile)
        if kafka.ssl_certfile is not None:
            password = kafka.ssl_key_password.get_secret_value() if kafka.ssl_key_password else None
            context.load_cert_chain(kafka.ssl_certfile, kafka.ssl_keyfile, password)
    except (ssl.SSLError, OSError, ValueError) as error:
        raise KafkaUnavailable(f"the TLS files cannot be used: {error}") from error
    return context


@contextmanager
def admin(kafka: KafkaSettings) -> Iterator[KafkaAdminClient]:
    """An admin client, closed at the end; what Kafka refuses inside the block comes out as KafkaUnavailable."""
    with clear_errors(kafka):
        client = KafkaAdminClient(**client_options(kafka), bootstrap_timeout_ms=CONNECT_SECONDS * 1000)
        try:
            yield client
        finally:
            client.close()


@contextmanager
def clear_errors(kafka: KafkaSettings) -> Iterator[None]:
    """Turns kafka-python's errors inside the block into KafkaUnavailable: one line that names servers and cause."""
    _WORDS.reason = ""
    try:
        yield
    except KafkaError as error:
        name = type(error).__name__.removesuffix("Error")
        detail = str(error).partition("\n")[0].removeprefix(f"{type(error).__name__}: ")
        if said := _SAID.search(detail):  # kafka-python shows the whole request and the whole response
            detail = said["words"]
        if isinstance(error, KafkaTimeoutError) and _WORDS.reason:
            detail = f"{detail}: {_WORDS.reason}"
            if kafka.sasl_mechanism is not None and "disconnected" in _WORDS.reason:
                detail += " (a wrong user name, password or mechanism ends like this)"
        raise KafkaUnavailable(f"Kafka at {kafka.bootstrap_servers}: {name}: {detail}") from error


def create_topics(settings: Settings, *, partitions: int = 3, replication: int = -1) -> dict[str, bool]:
    """Creates the topics that are missing and leaves the others as they are: name -> whether it was created."""
    plans = topic_plans(settings.topics, partitions=partitions, replication=replication)
    created: dict[str, bool] = {}
    with admin(settings.kafka) as client:
        here = set(client.list_topics())
        for plan in plans:
            created[plan.name] = plan.name not in here and _create(client, plan)
    return created


def _create(client: KafkaAdminClient, plan: TopicPlan) -> bool:
    wish = {"num_partitions": plan.partitions, "replication_factor": plan.replication, "configs": dict(plan.config)}
    try:
        client.create_topics({plan.name: wish}, wait_for_metadata=True)
    except TopicAlreadyExistsError:  # another process was quicker
        return False
    except AuthorizationError as error:
        raise KafkaUnavailable(
            f"{plan.name} may not be created: {type(error).__name__.removesuffix('Error')}"
        ) from error
    return True


def check_topics(settings: Settings) -> tuple[str, ...]:
    """What is wrong with the topics, one line each; nothing when the worker can rely on them."""
    findings: list[str] = []
    with admin(settings.kafka) as client:
        described = {topic["name"]: topic for topic in client.describe_topics() if not topic.get("error_code")}
        plans = topic_plans(settings.topics)
        present = [plan for plan in plans if plan.name in described]
        findings += [f"{plan.name}: missing" for plan in plans if plan.name not in described]
        configs = _configs(client, [plan.name for plan in present])
    for plan in present:
        config = configs.get(plan.name, {})
        if "delete" not in config.get("cleanup.policy", "delete"):
            findings.append(f"{plan.name}: cleanup.policy is {config['cleanup.policy']}, should be delete")
    findings += _sizes(settings.topics, configs)
    return tuple(findings)


def require_topics(settings: Settings) -> None:
    """Raises KafkaUnavailable when Kafka cannot be reached or one of our topics is missing."""
    with admin(settings.kafka) as client:
        here = set(client.list_topics())
    if missing := [plan.name for plan in topic_plans(settings.topics) if plan.name not in here]:
        raise KafkaUnavailable(
            f"Kafka at {settings.kafka.bootstrap_servers}: no topic {', '.join(missing)}, or no permission to see it: "
            "`geosignals topics create` creates what is missing"
        )


def _sizes(topics: TopicSettings, configs: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """A record that an articles topic takes must fit into the dead-letter topic, or one of them could stop the worker."""
    room = int(configs.get(topics.dlq, {}).get("max.message.bytes", 2**31))
    for name in (topics.articles, topics.replay):
        size = int(configs.get(name, {}).get("max.message.bytes", 0))
        if size > room:
            yield f"{topics.dlq}: max.message.bytes {room} is less than the {size} of {name}: its dead letters may not fit"


def _configs(client: KafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    answer = client.describe_configs([ConfigResource("TOPIC", name) for name in names], config_filter="all")
    return {
        name: {key: str(entry["value"]) for key, entry in entries.items()}
        for by_name in answer.values()
        for name, entries in by_name.items()
    }


def lag(client: KafkaAdminClient, group: str, partitions: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Records that the group has not committed yet, by (topic, partition); with nothing committed all that is kept counts."""
    wanted = [TopicPartition(topic, partition) for topic, partition in partitions]
    if not wanted:
        return {}
    ends = client.list_partition_offsets(dict.fromkeys(wanted, OffsetSpec.LATEST))
    starts = client.list_partition_offsets(dict.fromkeys(wanted, OffsetSpec.EARLIEST))
    committed = client.list_group_offsets({group: wanted}).get(group, {})
    lags = {}
    for partition in wanted:
        done = committed.get(partition)
        position = max(done.offset if done is not None else -1, starts[partition].offset)
        lags[(partition.topic, partition.partition)] = max(0, ends[partition].offset - position)
    return lags


def wait_for_group(kafka: KafkaSettings, group: str, seconds: float = CONNECT_SECONDS) -> None:
    """Returns when the broker has a coordinator for the group: a new broker first has to make the topic that keeps offsets."""
    deadline = time.monotonic() + seconds
    with admin(kafka) as client:
        while True:
            try:
                client.list_group_offsets(group)
                return
            except RetriableError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
