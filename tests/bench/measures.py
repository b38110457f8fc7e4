"""The measurements: floors and product in turns, so that both meet the same busy machine."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.answers import AnswersRun, ask_all
from tests.bench.load import StreamRun, Talk, open_socket, stream_once
from tests.bench.proc import CouldNotStart, Server, free_port
from tests.bench.product import SIGN_IN, Installation, Serving
from tests.bench.talks import FloorTalk, ProductTalk

STREAMS, TOKENS, PACE_MS = 50, 400, 10
RUNS_PER_ROUND = 2
WARM_UP_TOKENS = 50
REST_S = 0.5
TABS = 500
TABS_PER_PERSON = TABS // STREAMS
OPEN_AT_ONCE = 25
SETTLE_S = 1.5

Tell = Callable[[str], None]


@dataclass
class Bench:
    """Where the floors, the model and the product are, and who is told what happens."""

    folder: Path
    product: Installation
    tell: Tell
    started: int = 0

    def floor(self, application: str, model: str = "") -> Serving:
        """Start bare Daphne with one of the floors; does not wait."""
        self.started += 1
        port = free_port()
        log = self.folder / f"floor-{self.started}.log"
        command = ["-m", "daphne", "-p", str(port), f"tests.bench.{application}:application"]
        return Serving(command, {"BENCH_MODEL": model}, log, port)

    def model(self) -> tuple[Server, str]:
        """Start the fake model; returns its base URL as well."""
        port = free_port()
        server = Server(["-m", "tests.bench.fake_model", str(port)], {}, self.folder / "model.log")
        server.until_says("ready")
        return server, f"http://127.0.0.1:{port}/v1"


def streams(bench: Bench, rounds: int) -> dict[str, list[StreamRun]]:
    """Fifty streams at once, `floor-up` and product in turns."""
    runs: dict[str, list[StreamRun]] = {"floor-up": [], "product": []}
    model, address = bench.model()
    try:
        for number in range(rounds):
            for label in runs:
                is_floor = label == "floor-up"
                server = (
                    _serving(bench.floor("floor_up", address))
                    if is_floor
                    else (bench.product.serve(address))
                )
                try:
                    runs[label] += asyncio.run(_stream_round(bench, server, is_floor=is_floor))
                finally:
                    server.end()
                bench.tell(f"streams round {number + 1} {label}: {_brief(runs[label][-1])}")
    finally:
        model.end()
    return runs


async def _stream_round(bench: Bench, server: Serving, *, is_floor: bool) -> list[StreamRun]:
    async def open_one(number: int) -> Talk:
        if is_floor:
            return FloorTalk(await open_socket(server.address))
        cookie = bench.product.cookies[number]
        socket = await open_socket(server.address, cookie=cookie, subprotocol="atlas.json")
        return ProductTalk(socket)

    talks = await _open_all(open_one, STREAMS)
    runs = []
    try:
        await stream_once(talks, server, WARM_UP_TOKENS, PACE_MS)
        for _ in range(RUNS_PER_ROUND):
            await asyncio.sleep(REST_S)
            runs.append(await stream_once(talks, server, TOKENS, PACE_MS))
    finally:
        await asyncio.gather(*(talk.close() for talk in talks), return_exceptions=True)
    return runs


def tabs(bench: Bench, rounds: int) -> dict[str, list[float]]:
    """KiB for each of 500 idle sockets of a fresh server, floor and product in turns."""
    runs: dict[str, list[float]] = {"floor": [], "product": []}
    for number in range(rounds):
        for label in runs:
            server = _serving(bench.floor("floor")) if label == "floor" else bench.product.serve()
            try:
                cookies = bench.product.cookies if label == "product" else []
                runs[label].append(asyncio.run(_kib_per_tab(server, cookies)))
            finally:
                server.end()
            bench.tell(f"tabs round {number + 1} {label}: {runs[label][-1]:.1f} KiB")
    return runs


async def _kib_per_tab(server: Serving, cookies: Sequence[str]) -> float:
    """An open tab of the product is its page's socket, which watches for what waits."""

    async def open_one(number: int) -> Any:
        if not cookies:
            return await open_socket(server.address)
        cookie = cookies[number // TABS_PER_PERSON]
        socket = await open_socket(server.address, cookie=cookie, subprotocol="atlas.html")
        await socket.send(json.dumps({"type": "watch", "conversation": None}))
        # The count of what waits is the answer: from now on the tab is complete.
        await socket.recv()
        return socket

    before = server.pss_kib()
    opened = await _open_all(open_one, TABS)
    await asyncio.sleep(SETTLE_S)
    gone = [socket for socket in opened if socket.close_code is not None]
    kib = (server.pss_kib() - before) / TABS
    await asyncio.gather(*(socket.close() for socket in opened), return_exceptions=True)
    if gone:
        raise CouldNotStart(f"{len(gone)} of {TABS} sockets were closed: {gone[0].close_code}")
    return kib


def cold_starts(bench: Bench, rounds: int) -> dict[str, list[float]]:
    """Seconds from the process's start to its first page, floor and product in turns."""
    runs: dict[str, list[float]] = {"floor": [], "product": []}
    for number in range(rounds * RUNS_PER_ROUND + 1):
        for label in runs:
            server = bench.floor("floor") if label == "floor" else bench.product.start()
            path = "/" if label == "floor" else SIGN_IN
            try:
                seconds = server.first_200(server.address + path)
            finally:
                server.end()
            # The first ones read files that the system has not cached yet.
            if number:
                runs[label].append(seconds)
    bench.tell(f"cold starts: {runs}")
    return runs


def answers(bench: Bench, rounds: int) -> list[AnswersRun]:
    """Fifty questions to the built-in analyst, one after another, by one person."""
    runs = []
    for number in range(rounds):
        server = bench.product.serve()
        try:
            runs.append(asyncio.run(ask_all(server.address, bench.product.cookies[0])))
        finally:
            server.end()
        bench.tell(f"answers round {number + 1}: {asdict(runs[-1])}")
    return runs


def _serving(server: Serving) -> Serving:
    try:
        server.first_200(server.address + "/")
    except CouldNotStart:
        server.end()
        raise
    return server


async def _open_all(open_one: Callable[[int], Any], count: int) -> list[Any]:
    gate = asyncio.Semaphore(OPEN_AT_ONCE)

    async def one(number: int) -> Any:
        async with gate:
            return await open_one(number)

    return list(await asyncio.gather(*(one(number) for number in range(count))))


def _brief(run: StreamRun) -> str:
    return (
        f"ttft p95 {run.ttft_p95_ms:.0f} ms, cpu {run.cpu_ms_per_1000_tokens:.0f} ms / 1,000, "
        f"done {run.done_p95_s:.2f} s, client {run.client_cores:.2f} cores, failed "
        f"{len(run.failures)}"
    )
