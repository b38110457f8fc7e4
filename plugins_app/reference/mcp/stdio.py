"""MCP over stdin and stdout, as one named person, until that person may not ask any more."""

import asyncio
import os
import queue
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from typing import Any, cast

from mcp.server.stdio import stdio_server

from plugins_app.reference.mcp.config import Desk
from plugins_app.reference.mcp.server import Serving
from plugins_app.reference.mcp.tools import offers
from plugins_app.sdk import PluginError

STDIN, STDOUT, STDERR = 0, 1, 2
MOST_BYTES = 1_000_000
CHUNK = 65_536
HELD_LINES = 16
LOOK_S = 2.0
TOO_LONG = (
    '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,'
    f'"message":"The message is longer than {MOST_BYTES} bytes."}}}}\n'
)


class Lines:
    """The lines of a file descriptor, read by a thread that no exit waits for.

    A line that is too long is answered with an error and never held.
    """

    def __init__(self, descriptor: int, writer: "Writer") -> None:
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._read: asyncio.Queue[bytes | None] = asyncio.Queue(HELD_LINES)
        self._ended = False
        threading.Thread(target=self._run, args=(descriptor,), daemon=True).start()

    def __aiter__(self) -> "Lines":
        return self

    async def __anext__(self) -> str:
        line = b""
        while not line.strip():
            found = await self._read.get()
            if found is None:
                raise StopAsyncIteration
            line = found
        return line.decode("utf-8", "replace")

    def _run(self, descriptor: int) -> None:
        try:
            for line in lines_of(descriptor):
                work = self._read.put(line) if line is not None else self._writer.write(TOO_LONG)
                asyncio.run_coroutine_threadsafe(work, self._loop).result()
            asyncio.run_coroutine_threadsafe(self._read.put(None), self._loop).result()
        except (RuntimeError, CancelledError):
            # The session is over, or the process ends.
            return


class Writer:
    """Writes to a file descriptor in a thread, so that a reader that waits blocks no loop."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._work: queue.SimpleQueue[tuple[bytes, Future[None]]] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    async def write(self, text: str) -> None:
        """Return when it is written; raises `OSError` when nobody reads any more."""
        written: Future[None] = Future()
        self._work.put((text.encode("utf-8", "replace"), written))
        await asyncio.wrap_future(written)

    async def flush(self) -> None:
        """Nothing is held back."""

    def _run(self) -> None:
        while True:
            piece, written = self._work.get()
            try:
                while piece:
                    piece = piece[os.write(self._descriptor, piece) :]
            except OSError as error:
                _settle(written, error)
                return
            _settle(written, None)


async def serve(desk: Desk, ended: asyncio.Event) -> None:
    """Serve one assistant until it leaves or `ended` is set.

    Raises `PluginError` when the person may not use Atlas, at the start or later on.
    """
    await desk.ctx.person(desk.as_user)
    look = asyncio.Event()

    async def refused() -> None:
        look.set()

    serving = Serving(offers(desk.config), lambda ctx: desk, refused)
    with private_streams() as (incoming, outgoing):
        session = asyncio.create_task(_session(serving, incoming, outgoing))
        watching = asyncio.create_task(watch(desk, look))
        leaving = asyncio.create_task(ended.wait())
        tasks = {session, watching, leaving}
        try:
            done, _waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()


def lines_of(descriptor: int, most: int = MOST_BYTES) -> Iterator[bytes | None]:
    """Yield each line that was read, and None for each that has more than `most` bytes."""
    held, too_long = bytearray(), False
    while piece := _read(descriptor):
        *ended, rest = piece.split(b"\n")
        for part in ended:
            held += part
            yield None if too_long or len(held) > most else bytes(held)
            held, too_long = bytearray(), False
        held += rest
        if len(held) > most:
            held, too_long = bytearray(), True
    if held and not too_long:
        yield bytes(held)


@contextmanager
def private_streams() -> Iterator[tuple[int, int]]:
    """Take stdin and stdout for the protocol; what anybody prints meanwhile goes to stderr."""
    sys.stdout.flush()
    incoming, outgoing = os.dup(STDIN), os.dup(STDOUT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, STDIN)
    os.dup2(STDERR, STDOUT)
    os.close(nothing)
    try:
        yield incoming, outgoing
    finally:
        sys.stdout.flush()
        # The copies stay open: their threads may still wait on them when the process ends.
        os.dup2(incoming, STDIN)
        os.dup2(outgoing, STDOUT)


async def _session(serving: Serving, incoming: int, outgoing: int) -> None:
    writer = Writer(outgoing)
    lines = Lines(incoming, writer)
    server = serving.server()
    # Only iteration, `write` and `flush` are used of the files.
    try:
        async with stdio_server(cast(Any, lines), cast(Any, writer)) as (read, write):
            await server.run(read, write, server.create_initialization_options())
    except* OSError:
        # The assistant is gone and reads no more.
        pass


async def watch(desk: Desk, look: asyncio.Event) -> None:
    """Raise as soon as the person is gone; at once after a refusal, else every two seconds."""
    while True:
        try:
            async with asyncio.timeout(LOOK_S):
                await look.wait()
        except TimeoutError:
            pass
        look.clear()
        try:
            await desk.ctx.person(desk.as_user)
        except PluginError as error:
            raise PluginError(f"The session ends. {error}") from None
        except Exception as error:  # noqa: BLE001 - without its database Atlas answers nobody anyway
            desk.ctx.logger.warning("The person was not checked: %s", type(error).__name__)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, CHUNK)
    except OSError:
        return b""


def _settle(future: "Future[None]", error: OSError | None) -> None:
    # Whoever waited may have been cancelled.
    if not future.set_running_or_notify_cancel():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)
