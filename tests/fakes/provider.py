"""A local server that streams a language model's protocol; what it says is decided by a function.

The protocol (`tests.fakes.openai_server`, `tests.fakes.anthropic_server`) turns requests into
`Heard` messages and a `Reply` into lines.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from typing import Any

from tests.fakes import anthropic_server, openai_server
from tests.fakes.said import Heard, Reply

Brain = Callable[[list[Heard]], Reply]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request.

    A `status` refuses it, with `retry_after_s`. Otherwise the stream is cut after `pieces`
    pieces: in the middle of the transfer, or `quietly`, as a proxy does that ends it properly.
    """

    status: int = 0
    retry_after_s: float = 0.0
    pieces: int = 0
    quietly: bool = False


PROTOCOLS: dict[str, ModuleType] = {"openai": openai_server, "anthropic": anthropic_server}


@dataclass
class Provider:
    """A running server; `faults` meet the next requests, `bodies` are what it was sent."""

    kind: str
    brain: Brain
    port: int = 0
    faults: deque[Fault] = field(default_factory=deque)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def protocol(self) -> ModuleType:
        return PROTOCOLS[self.kind]

    @property
    def base_url(self) -> str:
        """What ATLAS_MODEL_BASE_URL must be."""
        return f"http://127.0.0.1:{self.port}{self.protocol.BASE}"

    def heard(self) -> list[Heard]:
        """The messages of the last request."""
        return list(self.protocol.heard(self.bodies[-1]))


@contextmanager
def serving(kind: str, brain: Brain) -> Iterator[Provider]:
    """Serve a protocol on a free port."""
    provider = Provider(kind, brain)
    handler = type("Handler", (_Handler,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        provider.port = server.server_address[1]
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        yield provider
        server.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection after another request; every response is its own connection."""

    provider: Provider
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        provider = self.provider
        if self.path.partition("?")[0] != provider.protocol.BASE + provider.protocol.PATH:
            self._refuse(Fault(404))
            return
        provider.bodies.append(body)
        fault = provider.faults.popleft() if provider.faults else None
        if fault is not None and fault.status:
            self._refuse(fault)
            return
        lines = list(provider.protocol.lines(provider.brain(provider.protocol.heard(body))))
        self._stream(lines if fault is None else lines[: fault.pieces], fault)

    def _refuse(self, fault: Fault) -> None:
        text = b'{"error": {"message": "sk-secret-value", "type": "error"}}'
        self.send_response(fault.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        if fault.retry_after_s:
            self.send_header("retry-after-ms", str(round(fault.retry_after_s * 1000)))
            self.send_header("retry-after", str(fault.retry_after_s))
        self.end_headers()
        self.wfile.write(text)

    def _stream(self, lines: list[str], fault: Fault | None) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for line in lines:
            data = line.encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        if fault is None or fault.quietly:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_args: object) -> None:
        """Nothing is logged."""
