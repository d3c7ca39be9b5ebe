"""Signals back out of Kafka onto standard output, as they arrive: what `geosignals run` shows."""

import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from kafka import KafkaConsumer, TopicPartition

from schemas.signal import PAYLOADS, decode_signal
from streams.kafka import client_options
from streams.settings import Settings

_POLL_MS = 200
_SEEN = 100_000  # ids kept to drop duplicates, which a worker that starts again may send


class Tap:
    """A thread that writes every signal sent from now on: one JSON line each, or whatever `show` makes of it.

    It reads without a consumer group: it takes nothing away from anybody and leaves no trace.
    `error` is set when it could not go on, as when standard output was closed; `on_error` is then called.
    """

    def __init__(
        self, settings: Settings, show: Callable[[bytes, datetime], str] | None, on_error: Callable[[], None]
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.error: Exception | None = None
        self._show = show
        self._on_error = on_error
        self._seen: dict[bytes, None] = {}
        self._ending = threading.Event()
        self._topics = {settings.topics.of_kind(kind): kind for kind in PAYLOADS}
        self._consumer = KafkaConsumer(
            **client_options(settings.kafka),
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            isolation_level="read_committed",
            fetch_max_wait_ms=_POLL_MS,
        )
        partitions = [
            TopicPartition(topic, number)
            for topic in self._topics
            for number in sorted(self._consumer.partitions_for_topic(topic) or ())
        ]
        self._consumer.assign(partitions)
        self._position = {at: offset for at, offset in self._consumer.end_offsets(partitions).items()}
        for at, offset in self._position.items():
            self._consumer.seek(at, offset)
        self._thread = threading.Thread(target=self._run, name="tap", daemon=True)

    def start(self) -> None:
        """Begins to write."""
        self._thread.start()

    def finish(self) -> None:
        """Returns when everything that is in the topics now has been written, or writing failed."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ending.is_set():
                self._write(self._consumer.poll(timeout_ms=_POLL_MS))
            ends = self._consumer.end_offsets(list(self._position))
            while any(self._consumer.position(at) < end for at, end in ends.items()):
                self._write(self._consumer.poll(timeout_ms=_POLL_MS))
        except Exception as error:  # noqa: BLE001  whatever ends this thread has to end the run
            self.error = error
            self._on_error()
        finally:
            self._consumer.close()

    def _write(self, polled: dict[TopicPartition, list]) -> None:  # type: ignore[type-arg]
        lines = []
        for at, records in polled.items():
            for record in records:
                identity = dict(record.headers).get("ce_id", record.value)
                if identity in self._seen:
                    continue
                self._seen[identity] = None
                if len(self._seen) > _SEEN:
                    del self._seen[next(iter(self._seen))]
                self.counts[self._topics[at.topic]] += 1
                stamp = datetime.fromtimestamp(record.timestamp / 1000, UTC)
                lines.append(self._show(record.value, stamp) if self._show else record.value.decode())
        if lines:
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()


def readable(value: bytes, stamp: datetime) -> str:
    """A signal's JSON as one line for a terminal."""
    from rich.console import Console

    from streams.show import signal_line

    console = Console(file=sys.stdout)
    with console.capture() as capture:
        console.print(signal_line(decode_signal(value), stamp), soft_wrap=False, crop=True, highlight=False)
    return capture.get().rstrip("\n")
