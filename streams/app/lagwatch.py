"""Lag, asked from the broker by a thread of its own: right also while the worker is stuck."""

import threading
from collections.abc import Callable

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from streams import logs
from streams.health import Health
from streams.kafka import CONNECT_SECONDS, KafkaUnavailable, client_options, lag
from streams.metrics import Metrics
from streams.settings import KafkaSettings

log = logs.get(__name__)

_JOIN_SECONDS = 2.0

Assignments = Callable[[], dict[str, list[tuple[str, int]]]]
"""Consumer group -> the (topic, partition) pairs that this process has now."""


class LagWatch:
    """Every `interval` seconds the lag of this process's own partitions goes to metrics and health.

    Own partitions only: the sum over all workers is then the group's lag, and no record counts twice.
    """

    def __init__(
        self, kafka: KafkaSettings, assignments: Assignments, metrics: Metrics, health: Health, interval: float = 5.0
    ) -> None:
        self._kafka = kafka
        self._assignments = assignments
        self._metrics = metrics
        self._health = health
        self._interval = interval
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lag", daemon=True)

    def start(self) -> None:
        """Begins to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it; a request that hangs is left behind with its daemon thread."""
        self._ending.set()
        self._thread.join(_JOIN_SECONDS)

    def _watch(self) -> None:
        client: KafkaAdminClient | None = None
        reachable = True
        while not self._ending.wait(self._interval):
            try:
                if client is None:
                    client = KafkaAdminClient(
                        **client_options(self._kafka), bootstrap_timeout_ms=CONNECT_SECONDS * 1000
                    )
                self._look(client)
                reachable = True
            except (KafkaError, KafkaUnavailable, OSError) as error:
                if reachable:
                    log.warning("lag_unknown", detail=str(error))
                reachable = False
                if client is not None:
                    client.close()
                client = None
        if client is not None:
            client.close()

    def _look(self, client: KafkaAdminClient) -> None:
        lags: dict[tuple[str, int], int] = {}
        for group, partitions in self._assignments().items():
            lags |= lag(client, group, partitions)
        self._metrics.set_lag(lags)
        self._health.lag = sum(lags.values())
        if not self._health.lag:
            self._health.progressed()
        elif stalled := self._health.stalled_for():
            log.error("stalled", lag=self._health.lag, seconds=round(stalled))
