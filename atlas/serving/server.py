"""Runs Atlas as a process: `serve` is web and worker in one, `web` and `worker` are each alone."""

import asyncio
import errno
import socket
import sys
from collections.abc import Callable

from atlas.common import listening
from atlas.common.errors import AtlasError
from atlas.runtime.static_files import collect
from atlas.serving.shutdown import Life, Role, exit_soon, on_signals

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
LAST_PORT = 65_535
BACKLOG = 256
# A thread that computes then gives the event loop a turn fifty times sooner than by default.
SWITCH_INTERVAL_S = 0.0001


def run(
    role: Role,
    *,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    listener: socket.socket | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> int:
    """Run until a signal ends it and return the exit code.

    A `listener` from `bind` is served instead of `host` and `port`.
    `on_ready` gets the address, such as "http://127.0.0.1:8000/" (empty for `worker`), when
    questions are answered. Raises AtlasError when the port is taken or the start fails for a reason
    that people can cure.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    if role == "worker":
        return _exit(asyncio.run(_work(on_ready)))
    listener = listener or bind(host, port)
    listening.note(address_of(listener))
    collect()
    from atlas.serving.web import Web  # noqa: PLC0415 - Twisted is slow, and not needed when the port is taken

    return _exit(Web(role, listener, on_ready).run())


def bind(host: str, port: int) -> socket.socket:
    """Take the port, so that a taken one is known before anything slow; port 0 takes a free one."""
    if not 0 <= port <= LAST_PORT:
        raise AtlasError(
            f"{port} is no port. Choose one from 1024 to {LAST_PORT}, for example {DEFAULT_PORT}.",
            code="port_unknown",
        )
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AtlasError(
            f"{host} is not an address of this machine. Use --host 127.0.0.1.", code="host_unknown"
        ) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        # Listening here already makes a second process that starts at this moment fail as well.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise AtlasError(_why_not(error, host, port), code="port_taken") from error
    listener.setblocking(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """The URL under which the listener is reached from this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is taken by another program. "
            f"Stop that program or choose another port, such as --port {port + 1} "
            f"(with make: PORT={port + 1})."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for root. Choose a port from 1024 up, for example 8000."
    return f"{host} is not an address of this machine. Use --host 127.0.0.1."


async def _work(on_ready: Callable[[str], None] | None) -> int:
    from atlas import boot  # noqa: PLC0415 - slow; the command's own errors come first

    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    on_signals(lambda: loop.call_soon_threadsafe(stopping.set))
    life = Life("worker", loop.create_task(boot.start("worker")))
    started = loop.create_task(life.started())
    stopped = loop.create_task(stopping.wait())
    try:
        await asyncio.wait({started, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if started.done() and started.result() and on_ready:
            on_ready("")
        await stopped
    finally:
        stopped.cancel()
        await life.stop()
        await asyncio.wait({started})
    return 0


def _exit(code: int) -> int:
    exit_soon(code)
    return code
