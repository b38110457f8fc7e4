"""Sockets of people against the real consumer, hub and feed."""

import asyncio
import contextlib
import json
from uuid import UUID

from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from atlas.bus import hub
from atlas.chat.routing import websocket_urlpatterns
from atlas.events import feed
from tests.chat.page import Node, parse, swap

PATIENCE_S = 30


@contextlib.asynccontextmanager
async def running():
    """The hub and the feed of one process."""
    bus, news = hub.Hub(), feed.Feed()
    await bus.start()
    hub.install(bus)
    feed.install(news)
    news.start()
    try:
        yield
    finally:
        await news.stop()
        await bus.stop()
        feed.install(None)
        hub.install(None)


class Socket:
    """One open socket of `user`."""

    def __init__(self, user, form="atlas.json", session=None) -> None:
        offered = [form] if form else []
        self.wire = WebsocketCommunicator(
            URLRouter(websocket_urlpatterns), "/ws/", subprotocols=offered
        )
        self.wire.scope["user"] = user
        self.wire.scope["session"] = session

    async def __aenter__(self):
        connected, self.chosen = await self.wire.connect(timeout=PATIENCE_S)
        assert connected
        return self

    async def __aexit__(self, *error) -> None:
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await self.wire.disconnect(timeout=PATIENCE_S)

    async def send(self, **frame) -> None:
        await self.wire.send_json_to(json.loads(json.dumps(frame, default=str)))

    async def frame(self) -> dict:
        return await self.wire.receive_json_from(timeout=PATIENCE_S)

    async def message(self) -> str | bytes:
        return await self.wire.receive_from(timeout=PATIENCE_S)

    async def close_code(self) -> int:
        while True:
            output = await self.wire.receive_output(timeout=PATIENCE_S)
            if output["type"] == "websocket.close":
                return output["code"]

    async def is_silent(self, for_s: float = 0.3) -> bool:
        return await self.wire.receive_nothing(timeout=for_s, interval=0.02)


class Browser:
    """A page and its socket, which says what the page has, as socket.js does."""

    def __init__(self, user, html: str) -> None:
        self.page = parse(html.replace("<!doctype html>", ""))
        self.socket = Socket(user, "atlas.html")

    async def __aenter__(self):
        await self.socket.__aenter__()
        await self.socket.send(type="watch", **self.has())
        return self

    async def __aexit__(self, *error) -> None:
        await self.socket.__aexit__(*error)

    def has(self) -> dict:
        marks = [n.attributes for n in self.page.walk() if "data-seq" in n.attributes]
        queue = self.page.find("approvals-list")
        cards = [n.attributes for n in self.page.walk() if "data-status" in n.attributes]
        conversation = self.find("main").attributes.get("data-conversation") or None
        may_ask = self.page.find("question-form") is not None
        return {
            "conversation": conversation,
            "may_ask": may_ask if conversation else None,
            "after": {m["data-run"]: int(m["data-seq"]) for m in marks},
            "requests": {c["id"].removeprefix("request-"): c["data-mark"] for c in cards},
            "queue": queue.attributes.get("data-queue") if queue else None,
        }

    def find(self, element_id: str) -> Node:
        found = self.page.find(element_id)
        assert found is not None, f"{element_id} is not on the page"
        return found

    def text_of(self, answer_id: UUID) -> str:
        return self.find(f"text-{answer_id}").text

    async def until(self, holds) -> None:
        """Swap in what comes until `holds(self)`."""
        while not holds(self):
            swap(self.page, await self.socket.message())
