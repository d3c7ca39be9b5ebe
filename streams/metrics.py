"""Every series that is exported, in one table: name, kind, help, closed labels. All of them start at 0.

Read through an own registry, so that tests and two apps in one process do not share counts.
"""

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics

from schemas.article import Reason
from schemas.signal import PAYLOADS
from streams.pipeline import SkipReason

PREFIX = "geosignals_"
_HOUR = 3600.0


class Lane(StrEnum):
    """Where an article came from: news as it happens, or history sent in again."""

    LIVE = "live"
    REPLAY = "replay"


class Failure(StrEnum):
    """Why an article of ours to classify could not be: beside the reasons for which a message is no article."""

    UNEXPECTED = "unexpected"
    """A detector raised: a bug of ours."""


class Kind(StrEnum):
    """Prometheus' kinds."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Series:
    """One row: the name without prefix (and, for counters, without `_total`), the closed values of each label.

    A label with no values is filled as the worker is assigned partitions of its own topics.
    """

    name: str
    kind: Kind
    help: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    buckets: tuple[float, ...] = ()


LANES = tuple(Lane)
KINDS = tuple(PAYLOADS)
FAILURES = (*Reason, *Failure)
SKIPS = tuple(SkipReason)

TABLE: tuple[Series, ...] = (
    Series("articles_received", Kind.COUNTER, "Records read from an articles topic.", {"lane": LANES}),
    Series("articles_failed", Kind.COUNTER, "Records that gave a dead letter.", {"reason": FAILURES}),
    Series("articles_skipped", Kind.COUNTER, "Records that ask for nothing.", {"reason": SKIPS}),
    Series("signals_emitted", Kind.COUNTER, "Signals that the broker confirmed.", {"kind": KINDS}),
    Series("dead_letters", Kind.COUNTER, "Dead letters that the broker confirmed.", {"reason": FAILURES}),
    Series(
        "processing_seconds",
        Kind.HISTOGRAM,
        "From a record's bytes to its encoded signals.",
        buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
    ),
    Series(
        "delivery_seconds",
        Kind.HISTOGRAM,
        "From the article's record timestamp to the broker's confirmation of its outputs; live lane.",
        buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, _HOUR),
    ),
    Series(
        "article_age_seconds",
        Kind.HISTOGRAM,
        "From publication to the broker's confirmation of its signals; live lane.",
        buckets=(1.0, 5.0, 15.0, 60.0, 300.0, 900.0, _HOUR, 6 * _HOUR, 24 * _HOUR, 72 * _HOUR, 168 * _HOUR),
    ),
    Series(
        "consumer_lag_records", Kind.GAUGE, "Records not yet committed by this group.", {"topic": (), "partition": ()}
    ),
    Series("last_article_timestamp_seconds", Kind.GAUGE, "When the last article was done, as Unix time."),
    Series("articles_in_progress", Kind.GAUGE, "Articles taken whose outputs are not yet confirmed."),
    Series("rebalances", Kind.COUNTER, "Times that partitions were handed out anew."),
    Series(
        "rebalance_seconds",
        Kind.HISTOGRAM,
        "From a rebalance's start until this worker reads on.",
        buckets=(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0),
    ),
    Series(
        "commit_seconds",
        Kind.HISTOGRAM,
        "From the beginning of a commit of offsets to Kafka's answer.",
        buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
    ),
)
_CLASSES: Mapping[Kind, type[Counter] | type[Gauge] | type[Histogram]] = {
    Kind.COUNTER: Counter,
    Kind.GAUGE: Gauge,
    Kind.HISTOGRAM: Histogram,
}


class Metrics:
    """The series of the table, alive in a registry. A name or label value outside the table raises KeyError."""

    def __init__(self, version: str, rules: str) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # else prometheus_client adds a `_created` series to each
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._children: dict[tuple[str, ...], Counter | Gauge | Histogram] = {}
        self._lag: Gauge | None = None
        for row in TABLE:
            self._add(row)
        build = Gauge(f"{PREFIX}build_info", "What is running.", ("version", "python", "rules"), registry=self.registry)
        build.labels(version, platform.python_version(), rules).set(1)

    def _add(self, row: Series) -> None:
        buckets = {"buckets": row.buckets} if row.kind is Kind.HISTOGRAM else {}
        metric = _CLASSES[row.kind](
            PREFIX + row.name,
            row.help,
            tuple(row.labels),
            registry=self.registry,
            **buckets,  # type: ignore[arg-type]
        )
        if not row.labels:
            self._children[(row.name,)] = metric
        for values in product(*row.labels.values()) if row.labels else ():
            self._children[(row.name, *map(str, values))] = metric.labels(*values)
        if row.name == "consumer_lag_records":
            assert isinstance(metric, Gauge)
            self._lag = metric

    def count(self, name: str, *labels: str, by: float = 1) -> None:
        """Adds to a counter."""
        child = self._children[(name, *labels)]
        assert isinstance(child, Counter | Gauge)
        child.inc(by)

    def observe(self, name: str, seconds: float) -> None:
        """Adds one measurement to a histogram."""
        child = self._children[(name,)]
        assert isinstance(child, Histogram)
        child.observe(seconds)

    def set(self, name: str, value: float) -> None:
        """Sets a gauge."""
        child = self._children[(name,)]
        assert isinstance(child, Gauge)
        child.set(value)

    def total(self, name: str) -> float:
        """The sum of a counter over its labels."""
        name = f"{PREFIX}{name}_total"
        return sum(s.value for metric in self.registry.collect() for s in metric.samples if s.name == name)

    def set_lag(self, lags: Mapping[tuple[str, int], int]) -> None:
        """The lag of every partition that this worker has now; partitions that it no longer has are forgotten."""
        assert self._lag is not None
        self._lag.clear()
        for (topic, partition), records in lags.items():
            self._lag.labels(topic, str(partition)).set(records)
