"""`build_app`: one Faust app for one lane, every setting that matters set here and none left to the environment."""

import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import faust
from faust.types.auth import CredentialsT
from yarl import URL

from streams.app.lanes import group_name, lane_topic
from streams.app.limit import LetterLimit
from streams.app.records import Incoming, Outgoing
from streams.app.sensor import LaneSensor
from streams.app.stage import Stage
from streams.app.strict import StrictApp, StrictConsumer
from streams.app.verdict import Classify, Read, judge
from streams.health import Health
from streams.kafka import DEAD_LETTER_BYTES, ssl_context
from streams.metrics import Lane, Metrics
from streams.settings import KafkaSettings, SecurityProtocol, Settings, WorkerSettings

_POLL_RECORDS = 500


@dataclass(frozen=True, slots=True)
class LaneApp:
    """A lane ready to be started."""

    lane: Lane
    group: str
    topic: str
    app: StrictApp
    stage: Stage
    assigned: threading.Event = field(default_factory=threading.Event)


def _options(settings: Settings) -> dict[str, Any]:
    """Everything that Faust would otherwise read from bare environment names or default to."""
    return {
        "broker": [URL(f"kafka://{server.strip()}") for server in settings.kafka.bootstrap_servers.split(",")],
        "broker_credentials": _credentials(settings.kafka),
        "broker_client_id": "geosignals",
        "broker_commit_interval": 1.0,
        "broker_max_poll_records": _POLL_RECORDS,
        "broker_request_timeout": 90.0,
        "broker_session_timeout": settings.worker.session_seconds,
        "broker_heartbeat_interval": min(3.0, settings.worker.session_seconds / 4),
        "broker_rebalance_timeout": 60.0,
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": DEAD_LETTER_BYTES,
        "producer_acks": -1,
        "producer_linger": 0.02,
        "producer_max_batch_size": 262_144,
        "producer_max_request_size": 2 * DEAD_LETTER_BYTES,
        "producer_request_timeout": settings.worker.delivery_seconds,
        "processing_guarantee": "exactly_once" if settings.kafka.exactly_once else "at_least_once",
        "stream_buffer_maxsize": _POLL_RECORDS,
        "stream_wait_empty": False,
        "topic_disable_leader": True,
        "topic_allow_declare": False,
        "store": "memory://",
        "cache": "memory://",
        "web_enabled": False,
        "autodiscover": False,
        "debug": False,
    }


def build_app(
    settings: Settings,
    lane: Lane,
    read: Read,
    classify: Classify,
    metrics: Metrics,
    health: Health,
    kinds: frozenset[str] | None = None,
) -> LaneApp:
    """The app of one lane. To be called inside a running event loop, which the app then lives in."""
    group, topic = group_name(settings, lane, kinds), lane_topic(settings, lane)
    app = StrictApp(
        group,
        **_options(settings),
    )
    app.in_worker = True  # else Faust takes no transactions, whatever the guarantee says
    app.monitor = LaneSensor(metrics)
    stage = Stage(
        lane=lane,
        judge=partial(judge, read=read, classify=classify, topics=settings.topics),
        send=partial(_send, app),
        acknowledge=lambda message: cast(StrictConsumer, app.consumer).settle(message),
        metrics=metrics,
        health=health,
        in_flight=settings.worker.in_flight,
        limit=_letter_limit(settings.worker),
    )
    app.quiet = stage.quiet
    app.handover = stage.handover
    app.fail = stage.fail
    app.agent(app.topic(topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"))(
        _articles(stage)
    )
    app.task(stage.settle)
    return LaneApp(lane, group, topic, app, stage)


def _letter_limit(worker: WorkerSettings) -> LetterLimit:
    return LetterLimit(worker.dead_letter_share, worker.dead_letter_minutes * 60, worker.dead_letter_least)


def _articles(stage: Stage) -> Any:
    async def articles(stream: faust.Stream[bytes]) -> None:
        async def messages() -> AsyncIterator[Any]:
            async for event in stream.noack().events():
                yield event.message

        await stage.take(messages())

    return articles


async def _send(app: StrictApp, record: Outgoing, incoming: Incoming) -> Any:
    timestamp = None
    if record.timestamp_ms is not None:
        # a broker refuses times that lie ahead of its clock by more than a topic allows: such an article is no poison.
        # Faust multiplies seconds by 1000 and cuts: half a millisecond keeps the cut from losing one
        timestamp = (min(record.timestamp_ms, int(time.time() * 1000)) + 0.5) / 1000
    fields = {
        "topic": record.topic,
        "key": record.key,
        "value": record.value,
        "headers": list(record.headers),
        "timestamp": timestamp,
    }
    return await app.deliver(fields, faust.types.TP(incoming.topic, incoming.partition))


def _credentials(kafka: KafkaSettings) -> CredentialsT | None:
    if kafka.security_protocol is SecurityProtocol.PLAINTEXT:
        return None
    context = ssl_context(kafka)
    if kafka.security_protocol is SecurityProtocol.SSL:
        return faust.SSLCredentials(context)
    return faust.SASLCredentials(
        username=kafka.sasl_username,
        password=kafka.sasl_password.get_secret_value() if kafka.sasl_password else None,
        ssl_context=context,
        mechanism=str(kafka.sasl_mechanism),
    )
