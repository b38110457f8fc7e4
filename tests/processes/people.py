"""People who use running servers over HTTP and sockets, as browsers and programs do."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

PATIENCE_S = 60.0
_HASH = re.compile(r'name="payload_hash"\s+value="([0-9a-f]+)"')

Frame = dict[str, Any]


class Person:
    """Somebody who is signed in; the session holds at every server of the fleet."""

    def __init__(self, name: str, address: str, password: str = "") -> None:
        self.address = address
        self.http = httpx.Client(base_url=address, timeout=PATIENCE_S)
        self._elsewhere: list[Person] = []
        self.http.get("/accounts/login/")
        form = {"username": name, "password": password or f"{name}-secret"}
        answer = self.post("/accounts/login/", **form)
        assert (answer.status_code, answer.headers.get("location")) == (302, "/"), answer.text

    def post(self, path: str, **form: Any) -> httpx.Response:
        """Send a form as a page does."""
        token = self.http.cookies["csrftoken"]
        headers = {"Referer": f"{self.address}/", "Origin": self.address}
        data = {**form, "csrfmiddlewaretoken": token}
        return self.http.post(path, data=data, headers=headers)

    def at(self, address: str) -> "Person":
        """The same person with the same session at another server."""
        other = object.__new__(Person)
        other.address = address
        other.http = httpx.Client(
            base_url=address, timeout=PATIENCE_S, cookies=self.http.cookies.jar
        )
        other._elsewhere = []
        self._elsewhere.append(other)
        return other

    def decide(self, verb: str, number: int, **form: str) -> None:
        """Approve or reject what the request's own page shows."""
        page = self.http.get(f"/approvals/{number}/").text
        found = _HASH.search(page)
        assert found, page
        answer = self.post(f"/approvals/{number}/{verb}/", payload_hash=found[1], **form)
        assert answer.status_code == 302, answer.text

    @contextmanager
    def socket(self, form: str = "atlas.json") -> Iterator["Socket"]:
        """Open a socket of this person."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        with connect(
            self.address.replace("http", "ws") + "/ws/",
            subprotocols=[Subprotocol(form)],
            additional_headers={"Cookie": cookies},
            origin=self.address,  # type: ignore[arg-type]  # websockets has a type of its own for it
            max_size=None,
        ) as wire:
            yield Socket(wire)

    def close(self) -> None:
        for other in self._elsewhere:
            other.close()
        self.http.close()


class Socket:
    """One open socket, and every frame that came; it keeps what a program would keep."""

    def __init__(self, wire: ClientConnection) -> None:
        self.wire = wire
        self.frames: list[Frame] = []

    def send(self, **frame: Any) -> None:
        self.wire.send(json.dumps(frame))

    def ask(self, text: str, conversation: str | None = None) -> Frame:
        """Ask, and return the frame that names the run; a new conversation is watched."""
        self.send(type="ask", text=text, conversation=conversation)
        started = self.wait(lambda frame: frame["type"] in ("run", "error"))
        assert started["type"] == "run", started
        if conversation is None:
            self.send(type="watch", conversation=started["conversation"])
        return started

    def next(self, timeout_s: float = PATIENCE_S) -> Frame:
        """Wait for one frame."""
        frame: Frame = json.loads(self.wire.recv(timeout=timeout_s))
        self.frames.append(frame)
        return frame

    def html(self, *wanted: str, timeout_s: float = PATIENCE_S) -> str:
        """Wait for a fragment of a page with all of these texts; for sockets of pages."""
        end = time.monotonic() + timeout_s
        while True:
            text = str(self.wire.recv(timeout=max(0.0, end - time.monotonic())))
            if all(part in text for part in wanted):
                return text

    def wait(self, wanted: Callable[[Frame], bool], timeout_s: float = PATIENCE_S) -> Frame:
        """Wait for a frame that comes from now on."""
        end = time.monotonic() + timeout_s
        while not wanted(frame := self.next(max(0.0, end - time.monotonic()))):
            pass
        return frame

    def until(self, holds: Callable[[], Any], timeout_s: float = PATIENCE_S) -> None:
        """Take frames until something holds of those that came."""
        end = time.monotonic() + timeout_s
        while not holds():
            self.next(max(0.0, end - time.monotonic()))

    def end_of(self, run: str) -> Frame:
        """Take frames until the run has ended; returns its last event."""
        self.until(lambda: self.events(run, *ENDS))
        return self.events(run, *ENDS)[-1]

    def events(self, run: str, *kinds: str) -> list[Frame]:
        """The events of a run that came, of some kinds or all."""
        found = [f for f in self.frames if f["type"] == "event" and f["run"] == run]
        return [frame for frame in found if not kinds or frame["kind"] in kinds]

    def text(self, *runs: str) -> str:
        """The text of the runs as far as it came."""
        said = [frame for run in runs for frame in self.events(run, "text")]
        return "".join(frame["payload"]["text"] for frame in said)

    def statuses(self, request: int) -> list[str]:
        """The statuses of an approval request that were pushed, in order."""
        found = [f for f in self.frames if f["type"] == "request" and f["id"] == request]
        return [frame["status"] for frame in found]

    def drain(self) -> None:
        """Take what still comes of a socket whose server is gone."""
        try:
            while True:
                self.next(timeout_s=1.0)
        except (ConnectionClosed, TimeoutError):
            return

    def close_code(self, timeout_s: float = PATIENCE_S) -> int | None:
        """Wait until the server closes the socket and return its code."""
        end = time.monotonic() + timeout_s
        try:
            while True:
                self.next(max(0.0, end - time.monotonic()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


ENDS = ("done", "stopped", "failed", "interrupted")
