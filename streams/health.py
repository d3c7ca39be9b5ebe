"""The pages `/metrics`, `/healthz` and `/readyz`: served by a thread of their own, so that a busy worker still answers."""

import socket
import socketserver
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder


class PagesUnavailable(Exception):
    """The pages cannot be served where the settings say."""


@dataclass(slots=True)
class Health:
    """What the worker knows about itself. Plain fields, each written by one thread and read by the pages'.

    Liveness never asks the broker: a broker that is gone is no reason to restart a worker. Readiness is: partitions
    are assigned and nothing is being rebalanced or shut down.
    """

    stall_seconds: float
    assigned: bool = False
    leaving: bool = False
    lag: int = 0
    last_progress: float = field(default_factory=time.monotonic)

    def progressed(self) -> None:
        """Something was finished, or there was nothing to do."""
        self.last_progress = time.monotonic()

    def stalled_for(self) -> float:
        """Seconds without progress while there is lag; 0.0 when all is well."""
        idle = time.monotonic() - self.last_progress
        return idle if self.lag > 0 and self.assigned and idle > self.stall_seconds else 0.0

    def alive(self) -> tuple[HTTPStatus, str]:
        """Status and one line for `/healthz`."""
        if stalled := self.stalled_for():
            return HTTPStatus.SERVICE_UNAVAILABLE, f"stalled: {self.lag} records wait, nothing done for {stalled:.0f} s"
        return HTTPStatus.OK, "ok"

    def ready(self) -> tuple[HTTPStatus, str]:
        """Status and one line for `/readyz`."""
        if self.leaving:
            return HTTPStatus.SERVICE_UNAVAILABLE, "shutting down"
        if not self.assigned:
            return HTTPStatus.SERVICE_UNAVAILABLE, "no partitions assigned yet"
        return HTTPStatus.OK, "ready"


class Pages:
    """A small HTTP server in a daemon thread; `url` tells where. Raises PagesUnavailable when the port cannot be had."""

    def __init__(self, registry: CollectorRegistry, health: Health, host: str, port: int) -> None:
        try:
            self._server = _server(host)((host, port), _pages(registry, health))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise PagesUnavailable(f"metrics.host, metrics.port: {host}:{port} cannot be served: {reason}") from error
        self._thread = threading.Thread(target=self._server.serve_forever, name="pages", daemon=True)
        self._thread.start()
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stops answering."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()


def is_free(host: str, port: int) -> bool:
    """Whether the pages could be served there now."""
    try:
        _server(host)((host, port), BaseHTTPRequestHandler).server_close()
    except OSError:
        return False
    return True


def _server(host: str) -> type[ThreadingHTTPServer]:
    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True

        def server_bind(self) -> None:
            socketserver.TCPServer.server_bind(self)  # HTTPServer's own asks DNS for a name that nobody needs

    return Server


def _pages(registry: CollectorRegistry, health: Health) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        server_version = "geosignals"
        sys_version = ""
        timeout = 10

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                encode, content_type = choose_encoder(self.headers.get("Accept", ""))
                self._answer(HTTPStatus.OK, content_type, encode(registry))
            elif path in ("/healthz", "/readyz"):
                status, line = health.alive() if path == "/healthz" else health.ready()
                self._answer(status, "text/plain; charset=utf-8", f"{line}\n".encode())
            else:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"/metrics /healthz /readyz\n")

        do_HEAD = do_GET

        def _answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Scrapes every few seconds are no events."""

    return Page
