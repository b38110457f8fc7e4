"""A remote system over a real socket that writes down what reached it, and answers badly.

One line of JSON asks, one line answers. What happens to a call is drawn from a seed, its key and
how often the key has come, so that a seed gives the same answers again.
"""

import asyncio
import contextlib
import json
import random
import socket
import struct
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.faults.relay import KeptPort

# What a call meets, and how often: the effect comes before every fault but the last three.
MODES = {
    "answer": 52,
    "delay": 16,
    "drop": 5,
    "reset": 6,
    "effect then 500": 6,
    "late": 4,
    "reset before": 5,
    "refuse": 6,
}
WITHOUT_EFFECT = {"reset before", "refuse"}
# Longer than the plugin's deadline.
LATE_S = 1.0
RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Line:
    """One call as the remote saw it; the journal is the truth of the invariants.

    Of a call that undoes something, `arguments` is the key under which that was done.
    """

    request: int
    delivery: str
    key: str
    arguments: str
    mode: str
    effect: bool
    verb: str = "do"


class Remote:
    """The server in a thread of its own; `mode` makes every call meet the same.

    While it `knows` nothing, it cannot say what became of a key.
    """

    def __init__(self, seed: int) -> None:
        self.journal: list[Line] = []
        self.mode = ""
        self.knows = True
        self.under_way = 0
        self._place = KeptPort()
        self.port = self._place.port
        self.arrived = threading.Event()
        self._seed = seed
        self._calls: Counter[str] = Counter()
        self._done: set[str] = set()
        self._closed: set[str] = set()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.listen()

    def listen(self) -> None:
        """Accept calls, on the same port as before."""
        self._do(self._listen())

    def go_away(self) -> None:
        """Refuse connections until `listen`; calls that are here go on."""
        self._do(self._go_away())

    def close(self) -> None:
        self._do(self._go_away())
        self._do(self._give_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._place.close()

    def lines(self, verb: str = "do") -> list[Line]:
        """What it was asked to do, or to undo, in order."""
        return [line for line in list(self.journal) if line.verb == verb]

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, sock=self._place.listener())

    async def _go_away(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _give_up(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.under_way += 1
        try:
            asked = json.loads(await reader.readline() or "{}")
            if asked.get("verb") in ("do", "undo"):
                await self._act(asked, writer)
            elif asked.get("verb") == "seen":
                _say(writer, outcome=self._seen(asked["key"]) if self.knows else "unknown")
            await writer.drain()
        except (OSError, asyncio.CancelledError):
            return
        finally:
            self.under_way -= 1
            with contextlib.suppress(OSError):
                writer.close()

    def _seen(self, key: str) -> str:
        """Whether a call had its effect; one that had none never has it from now on."""
        if key in self._done:
            return "executed"
        self._closed.add(key)
        return "failed"

    async def _act(self, asked: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        key = asked["key"]
        self._calls[key] += 1
        chance = random.Random(f"{self._seed} {key} {self._calls[key]}")  # noqa: S311  # no secret
        mode = self.mode or chance.choices(list(MODES), list(MODES.values()))[0]
        self.arrived.set()
        await asyncio.sleep(LATE_S if mode == "late" else chance.uniform(0, 0.05))
        self._take_effect(asked, mode)
        await self._reply(mode, chance, writer)

    def _take_effect(self, asked: dict[str, Any], mode: str) -> None:
        key, delivery = asked["key"], asked["delivery"]
        # Only the idempotent action's remote recognises a key; the other two do as they are told.
        repeated = delivery == "idempotent" and key in self._done
        effect = not (repeated or mode in WITHOUT_EFFECT or key in self._closed)
        if effect:
            self._done.add(key)
        request, arguments = int(asked["request"]), asked["arguments"]
        line = Line(request, delivery, key, arguments, mode, effect, asked["verb"])
        self.journal.append(line)

    async def _reply(self, mode: str, chance: random.Random, writer: asyncio.StreamWriter) -> None:
        if mode.startswith("reset"):
            plug: socket.socket = writer.get_extra_info("socket")
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        elif mode == "drop":
            await asyncio.sleep(2 * LATE_S)
        elif mode == "refuse":
            _say(writer, status=409)
        elif mode == "effect then 500":
            _say(writer, status=500)
        else:
            await asyncio.sleep(chance.uniform(0.05, 0.25) if mode == "delay" else 0)
            _say(writer, status=200)


def _say(writer: asyncio.StreamWriter, **answer: object) -> None:
    writer.write(json.dumps(answer).encode() + b"\n")
