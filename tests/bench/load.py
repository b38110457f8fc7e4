"""Connections that ask at the same moment, and what each of them got."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.bench.figures import percentile
from tests.bench.proc import Server

TOKEN = re.compile(r"(?<![0-9])([0-9]{4}) ")
PATIENCE_S = 60.0

Hear = Callable[[str], None]


class Talk(Protocol):
    """One open connection of one person."""

    async def ask(self, text: str, hear: Hear) -> None:
        """Ask, call `hear` with each piece of the answer, and return at its end."""

    async def close(self) -> None: ...


@dataclass
class Heard:
    """What one connection got of one answer; times in seconds from the question."""

    first_s: float | None = None
    last_s: float = 0.0
    text: list[str] = field(default_factory=list)
    failure: str = ""


@dataclass(frozen=True)
class StreamRun:
    """All connections together, once."""

    ttft_p50_ms: float
    ttft_p95_ms: float
    done_p95_s: float
    cpu_ms_per_1000_tokens: float
    server_cores: float
    client_cores: float
    tokens: int
    lost: int
    doubled: int
    failures: list[str]


async def open_socket(address: str, *, cookie: str = "", subprotocol: str = "") -> ClientConnection:
    """Open a websocket as a page of the same origin would."""
    headers = {"Cookie": cookie} if cookie else {}
    return await connect(
        f"{address.replace('http', 'ws', 1)}/ws/",
        additional_headers=headers,
        origin=address,  # type: ignore[arg-type]  # a plain str is one
        subprotocols=[Subprotocol(subprotocol)] if subprotocol else None,
        compression=None,
        max_queue=None,
        open_timeout=PATIENCE_S,
        ping_interval=None,
        proxy=None,
    )


async def stream_once(
    talks: Sequence[Talk], server: Server, tokens: int, pace_ms: int
) -> StreamRun:
    """Every connection asks for `tokens` tokens now; the server's CPU is taken around it."""
    question = f"STREAM {tokens} {pace_ms}"
    cpu, own, began = server.cpu_seconds(), time.process_time(), time.perf_counter()
    heard = await asyncio.gather(*(_hear_one(talk, question) for talk in talks))
    wall = time.perf_counter() - began
    own, cpu = time.process_time() - own, server.cpu_seconds() - cpu
    return _sum_up(heard, tokens, cpu, own, wall)


async def _hear_one(talk: Talk, question: str) -> Heard:
    heard = Heard()
    began = time.perf_counter()

    def hear(text: str) -> None:
        heard.last_s = time.perf_counter() - began
        if heard.first_s is None:
            heard.first_s = heard.last_s
        heard.text.append(text)

    try:
        await asyncio.wait_for(talk.ask(question, hear), PATIENCE_S)
    except Exception as error:  # noqa: BLE001  # a broken stream is a result, not a crash
        heard.failure = f"{type(error).__name__}: {error}"
    return heard


def _sum_up(heard: Sequence[Heard], tokens: int, cpu: float, own: float, wall: float) -> StreamRun:
    first = [one.first_s for one in heard if one.first_s is not None] or [PATIENCE_S]
    counts = [count("".join(one.text), tokens) for one in heard]
    total = sum(got for got, _lost, _doubled in counts)
    return StreamRun(
        ttft_p50_ms=1000 * percentile(first, 0.5),
        ttft_p95_ms=1000 * percentile(first, 0.95),
        done_p95_s=percentile([one.last_s for one in heard], 0.95),
        cpu_ms_per_1000_tokens=1e6 * cpu / max(1, total),
        server_cores=cpu / wall,
        client_cores=own / wall,
        tokens=total,
        lost=sum(lost for _got, lost, _doubled in counts),
        doubled=sum(doubled for _got, _lost, doubled in counts),
        failures=[one.failure for one in heard if one.failure],
    )


def count(text: str, expected: int) -> tuple[int, int, int]:
    """How many tokens came, how many of 0 .. expected - 1 did not, and how many came again."""
    numbers = [int(number) for number in TOKEN.findall(text)]
    known = set(numbers)
    return len(numbers), len(set(range(expected)) - known), len(numbers) - len(known)
