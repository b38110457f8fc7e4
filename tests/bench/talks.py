"""How a connection to the floor and one to the product ask a question."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection

from tests.bench.load import Hear

FINAL = {"done", "failed", "stopped", "interrupted"}


@dataclass
class FloorTalk:
    """The floor answers on the socket that asked, a frame for each token."""

    socket: ClientConnection

    async def ask(self, text: str, hear: Hear) -> None:
        await self.socket.send(json.dumps({"text": text}))
        async for raw in self.socket:
            frame = json.loads(raw)
            if "end" in frame:
                return
            hear(frame["text"])

    async def close(self) -> None:
        await self.socket.close()


@dataclass
class ProductTalk:
    """Each question begins a conversation, which is watched as soon as it has a name."""

    socket: ClientConnection

    async def ask(self, text: str, hear: Hear) -> None:
        def on_event(event: dict[str, Any]) -> None:
            if event["kind"] == "text":
                hear(event["payload"]["text"])

        await self.follow(text, on_event)

    async def follow(self, text: str, on_event: Callable[[dict[str, Any]], None]) -> None:
        """Ask, and hand on every event up to the end; raises when there was no whole answer."""
        await self.socket.send(json.dumps({"type": "ask", "text": text}))
        run = ""
        async for raw in self.socket:
            frame = json.loads(raw)
            if frame["type"] == "error":
                raise RuntimeError(frame["message"])
            if frame["type"] == "run" and not run:
                run = frame["run"]
                watch = {"type": "watch", "conversation": frame["conversation"]}
                await self.socket.send(json.dumps(watch))
            elif frame["type"] == "event" and frame["run"] == run:
                on_event(frame)
                if frame["kind"] in FINAL:
                    break
        if frame["kind"] != "done":
            raise RuntimeError(f"the answer ended as {frame['kind']}: {frame['payload']}")

    async def close(self) -> None:
        await self.socket.close()
