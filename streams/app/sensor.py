"""Faust's sensor of a lane: what only the engine sees goes to our metrics, and what it would count besides is left out.

Faust asks its one `Monitor` when it looks for stalls, so this is one. Records, signals and dead letters are counted by the
stage, which knows what became of them; the engine knows when partitions are handed out and how long its commits take.
"""

import logging
from collections.abc import Mapping
from time import monotonic
from typing import Any

import faust
from faust.types import TP

from streams.metrics import Metrics

RebalanceState = dict[str, float]


class LaneSensor(faust.Monitor):
    """Rebalances and commits, counted and timed; nothing is kept per record but when a partition was last read."""

    logger = logging.getLogger("faust.sensor")  # what a sensor logs as a service of Faust is Faust's, not ours

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics
        self._committed = False

    def on_message_in(self, tp: TP, offset: int, message: Any) -> None:
        """Nothing: the stage counts it when it takes it."""

    def on_stream_event_in(self, tp: TP, offset: int, stream: Any, event: Any) -> None:
        """Notes the time, by which Faust tells whether a stream stands still."""
        self.stream_inbound_time[tp] = monotonic()

    def on_stream_event_out(self, tp: TP, offset: int, stream: Any, event: Any, state: Any = None) -> None:
        """Nothing: that the stream is done with a record does not say that its outputs are confirmed."""

    def on_message_out(self, tp: TP, offset: int, message: Any) -> None:
        """Nothing: the stage counts it when it is settled."""

    def on_commit_initiated(self, consumer: Any) -> float:
        """Faust begins a round of committing, every second; `StrictConsumer` has no two at once."""
        self._committed = False
        return monotonic()

    def on_tp_commit(self, tp_offsets: Mapping[TP, int]) -> None:
        """The round had something to commit, and Kafka was asked."""
        self._committed = True

    def on_commit_completed(self, consumer: Any, state: float) -> None:
        """A round that had nothing to commit is no measurement."""
        if self._committed:
            self._metrics.observe("commit_seconds", monotonic() - state)

    def on_rebalance_start(self, app: Any) -> RebalanceState:
        """Partitions are about to be handed out anew; first this worker finishes what it has."""
        self._clear_topic_related_sensors()
        return {"started": monotonic()}

    def on_rebalance_return(self, app: Any, state: RebalanceState) -> None:
        """They were handed out, perhaps none to this worker."""
        self._metrics.count("rebalances")

    def on_rebalance_end(self, app: Any, state: RebalanceState) -> None:
        """This worker reads on."""
        self._metrics.observe("rebalance_seconds", monotonic() - state["started"])
        self._clear_topic_related_sensors()
