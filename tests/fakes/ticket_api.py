"""A ticket system over HTTP that refuses some titles and breaks after taking others."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REFUSED, BROKEN = "Konbu", "Tofu"


@dataclass
class TicketApi:
    """A running system; `titles` are what it has taken, in order."""

    url: str = ""
    titles: list[str] = field(default_factory=list)

    def answer(self, asked: dict[str, Any]) -> tuple[int, dict[str, str]]:
        """Status and body for a new ticket."""
        if REFUSED in asked["title"]:
            return 409, {}
        self.titles.append(asked["title"])
        return (500, {}) if BROKEN in asked["title"] else (201, {"id": f"T-{len(self.titles)}"})


@contextmanager
def ticket_api() -> Iterator[TicketApi]:
    """Serve on a free port of this machine."""
    api = TicketApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = api.answer(json.loads(body))
            said = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield api
        server.shutdown()
        thread.join()
