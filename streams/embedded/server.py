"""The one-node Kafka that we start: its `server.properties` and its ports."""

import socket
from collections.abc import Mapping
from pathlib import Path

CONTROLLER = "CONTROLLER"
CLIENTS = "CLIENTS"
HOST = "127.0.0.1"

# one node, so every internal topic has one replica; few partitions, small buffers and no waiting, since one user is served
_DEFAULTS: Mapping[str, str] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": CONTROLLER,
    "inter.broker.listener.name": CLIENTS,
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "3",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "3",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "group.initial.rebalance.delay.ms": "0",
    "message.max.bytes": "8388608",
    "log.cleaner.dedupe.buffer.size": "8388608",
    # it lives for one run: articles with the times of years ago must not be deleted as too old in the middle of it
    "log.retention.check.interval.ms": str(24 * 3_600_000),
    "log.initial.task.delay.ms": str(24 * 3_600_000),
    "num.network.threads": "2",
    "num.io.threads": "4",
}


def free_ports(names: tuple[str, ...]) -> dict[str, int]:
    """A free loopback port for each name; all are held open together, so that no two are the same."""
    sockets = {name: socket.socket() for name in names}
    try:
        for held in sockets.values():
            held.bind((HOST, 0))
        return {name: held.getsockname()[1] for name, held in sockets.items()}
    finally:
        for held in sockets.values():
            held.close()


def properties(data: Path, ports: Mapping[str, int], protocols: Mapping[str, str], extra: Mapping[str, str]) -> str:
    """The text of `server.properties`.

    `ports` and `protocols` are by listener name (PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL); `extra` wins over all else.
    """
    listeners = {name: f"{name}://{HOST}:{port}" for name, port in ports.items()}
    lines = {
        **_DEFAULTS,
        "controller.quorum.bootstrap.servers": f"{HOST}:{ports[CONTROLLER]}",
        "listeners": ",".join(listeners.values()),
        "advertised.listeners": ",".join(url for name, url in listeners.items() if name != CONTROLLER),
        "listener.security.protocol.map": ",".join(f"{name}:{protocol}" for name, protocol in protocols.items()),
        "log.dirs": str(data),
        **extra,
    }
    return "".join(f"{name}={_escaped(value)}\n" for name, value in lines.items())


def _escaped(value: str) -> str:
    r"""A Java properties value: `\` starts an escape there, and a line ends the value."""
    return value.replace("\\", "\\\\").replace("\n", "\\n")
