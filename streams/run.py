"""`geosignals run`: broker, topics, worker and pages on one machine, articles in, signals on standard output."""

import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from kafka import KafkaProducer
from kafka.errors import KafkaError

from schemas.article import Article
from streams import logs, pipeline
from streams.app.lanes import group_name
from streams.app.serve import Exit, Stop
from streams.app.work import Running, work
from streams.embedded import Broker
from streams.formats.record import Read, Rejected
from streams.kafka import DEAD_LETTER_BYTES, admin, clear_errors, client_options, create_topics, lag, wait_for_group
from streams.metrics import LANES, Lane, Metrics
from streams.settings import Settings
from streams.tap import Tap, readable

log = logs.get(__name__)

_LAG_SECONDS = 0.3
_GUARD_SECONDS = 1.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for. `articles` is opened anew when called; `broker` None: the Kafka of the settings is used."""

    articles: Callable[[], Iterable[Read]]
    once: bool
    broker: Broker | None


def run(settings: Settings, wish: Wish, say: Say) -> Exit:
    """Everything on one machine until Ctrl-C, or with `once` until all articles are done.

    Raises BrokerUnavailable, KafkaUnavailable or PagesUnavailable when it cannot begin.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        if wish.broker is not None:
            stack.callback(wish.broker.close)
            settings = _with_broker(settings, wish.broker, say, began)
        create_topics(settings)
        for lane in LANES:
            wait_for_group(settings.kafka, group_name(settings, lane, None))
        show = _Show(settings, wish, say)
        code = work(settings, LANES, companion=show.start)
        return show.end(code, began)


def _with_broker(settings: Settings, broker: Broker, say: Say, began: float) -> Settings:
    broker.launch()
    pipeline.load()  # in the seconds that Java takes
    broker.wait_ready()
    say(f"Apache Kafka at {broker.address()}, up in {time.monotonic() - began:.1f} s")
    kafka = settings.kafka.model_copy(update={"bootstrap_servers": broker.address()})
    return settings.model_copy(update={"kafka": kafka})


class _Show:
    """The threads beside the worker: one sends articles in, one writes signals out, with `once` one waits for the end."""

    def __init__(self, settings: Settings, wish: Wish, say: Say) -> None:
        self._settings = settings
        self._wish = wish
        self._say = say
        self._tap: Tap | None = None
        self._metrics: Metrics | None = None
        self._sent = 0
        self._unread: list[Rejected] = []
        self._error: Exception | None = None
        self._ended = threading.Event()

    def start(self, running: Running) -> None:
        """Called when the lanes are about to start."""
        stop, self._metrics = running.stop, running.metrics
        self._tap = Tap(self._settings, readable if sys.stdout.isatty() else None, stop.wish)
        self._tap.start()
        self._say(f"metrics {running.pages_url}/metrics, health {running.pages_url}/healthz and /readyz")
        if self._wish.broker is not None:
            threading.Thread(target=self._guard, args=(self._wish.broker, stop), name="guard", daemon=True).start()
        groups = {lane.group: lane.topic for lane in running.lanes if lane.lane is Lane.LIVE}
        threading.Thread(target=self._feed, args=(groups, stop), name="feed", daemon=True).start()

    def end(self, code: Exit, began: float) -> Exit:
        """Writes what is still to be written, sums up, and says how it went."""
        self._ended.set()
        if self._tap is None:
            return code
        if code is not Exit.UNACKED:
            self._tap.finish()
        error = self._error or self._tap.error
        if error is not None and not isinstance(error, BrokenPipeError):
            self._say(f"stopped: {logs.harmless(str(error) or type(error).__name__)}")
        letters = self._sum_up(time.monotonic() - began)
        partial = error is not None or self._unread or letters
        return Exit.FAILED if code is Exit.OK and partial else code

    def _guard(self, broker: Broker, stop: Stop) -> None:
        """Without its broker the run has no sense: it says so and ends."""
        while broker.pid is not None:
            time.sleep(_GUARD_SECONDS)
        if not self._ended.is_set():
            self._say("the embedded Kafka has ended, so this run ends too")
            stop.wish()

    def _feed(self, groups: dict[str, str], stop: Stop) -> None:
        try:
            with clear_errors(self._settings.kafka):
                self._send_all()
                if self._wish.once:
                    self._wait_until_done(groups)
            if self._wish.once:
                stop.wish()
            else:
                self._say(f"{self._sent} articles sent; send more to {self._settings.topics.articles}, Ctrl-C ends")
        except Exception as error:  # noqa: BLE001  whatever ends this thread has to end the run
            self._error = error
            stop.wish()

    def _send_all(self) -> None:
        producer = KafkaProducer(
            **client_options(self._settings.kafka), acks="all", linger_ms=5, max_request_size=2 * DEAD_LETTER_BYTES
        )
        failures: list[KafkaError] = []
        try:
            for read in self._wish.articles():
                message = self._message(read)
                if message is not None:
                    key, value = message
                    future = producer.send(self._settings.topics.articles, value, key=key)
                    future.add_errback(failures.append)
                    self._sent += 1
            producer.flush()
        finally:
            producer.close()
        if failures:
            raise failures[0]

    def _message(self, read: Read) -> tuple[bytes | None, bytes] | None:
        """Key and value for the articles topic. What cannot be read is sent as it is: the dead letters are for it."""
        if isinstance(read, Article):
            return read.id.encode(), read.model_dump_json(exclude_defaults=True).encode()
        if isinstance(read, Rejected) and read.raw:
            return None, read.raw
        if isinstance(read, Rejected):
            self._unread.append(read)
            self._say(f"{read.place}: {read.reason}: {logs.harmless(read.detail)}")
        return None

    def _wait_until_done(self, groups: dict[str, str]) -> None:
        with admin(self._settings.kafka) as client:
            for group, topic in groups.items():
                partitions = [
                    (topic, number) for number in range(len(client.describe_topics([topic])[0]["partitions"]))
                ]
                while sum(lag(client, group, partitions).values()):
                    time.sleep(_LAG_SECONDS)

    def _sum_up(self, seconds: float) -> int:
        """Says what went in and came out; returns the number of dead letters."""
        assert self._tap is not None and self._metrics is not None
        counts = self._tap.counts
        by_kind = ", ".join(f"{counts[kind]} {kind.replace('_', ' ')}" for kind in sorted(counts))
        letters, skipped = (int(self._metrics.total(name)) for name in ("dead_letters", "articles_skipped"))
        self._say(
            f"{self._sent} articles sent, {counts.total()} signals ({by_kind or 'none'}), {letters} dead letters, "
            f"{skipped} skipped, {seconds:.1f} s"
        )
        return letters
