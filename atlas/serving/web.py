"""Daphne inside our own process: it listens, boot starts beside it, and both stop in order."""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Any

# First of all: importing it chooses the event loop that everything else here uses.
from daphne.server import Server  # type: ignore[import-untyped]  # it has no types
from daphne.ws_protocol import WebSocketProtocol  # type: ignore[import-untyped]  # it has no types
from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred

from atlas import boot
from atlas.asgi import application
from atlas.serving.bodies import BoundedFactory
from atlas.serving.server import address_of
from atlas.serving.shutdown import Life, Role, on_signals

LONGEST_FRAME_BYTES = 64 * 1024
SERVICE_RESTART = 1012
# How long browsers get to read that the server restarts.
CLOSING_S = 1.0
PRIVATE_CLOSE_CODES = range(3000, 5000)

reactor: Any = installed_reactor
logger = logging.getLogger(__name__)


class SocketProtocol(WebSocketProtocol):  # type: ignore[misc] # Daphne has no types
    """A websocket that may be closed with any code; autobahn allows itself only a few."""

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802 - Daphne's name
        """Send a close frame with this code."""
        if code is None or code == 1000 or code in PRIVATE_CLOSE_CODES:
            super().serverClose(code)
        elif self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=code)


class Web(Server):  # type: ignore[misc] # Daphne has no types
    """Daphne on a socket that listens already, with boot's life beside it."""

    def __init__(
        self, role: Role, listener: socket.socket, on_ready: Callable[[str], None] | None
    ) -> None:
        super().__init__(
            application,
            endpoints=["socket"],
            signal_handlers=False,
            ready_callable=self._adopt,
            websocket_max_message_size=LONGEST_FRAME_BYTES,
            websocket_max_frame_size=LONGEST_FRAME_BYTES,
            verbosity=0,
        )
        # We hand our own socket over; Daphne would look for plugins that parse descriptions.
        self.endpoints: list[str] = []
        self._role = role
        self._listener = listener
        self._address = address_of(listener)
        self._on_ready = on_ready
        self._life: Life | None = None
        self._failure: BaseException | None = None

    def run(self) -> int:
        """Serve until a signal; returns the exit code or raises what stopped the start."""
        on_signals(lambda: reactor.callFromThread(self.stop))
        super().run()
        if self._failure is not None:
            raise self._failure
        return 0

    def kill_all_applications(self) -> Any:
        """Before the reactor ends: stop our part first, then close sockets and requests."""
        return Deferred.fromFuture(asyncio.ensure_future(self._stop_in_order()))

    async def close_sockets(self) -> None:
        """Tell every browser to come back, since the server restarts (1012); wait CLOSING_S."""
        loop = asyncio.get_running_loop()
        closing = []
        for protocol in list(self.connections):
            if isinstance(protocol, SocketProtocol) and protocol.state == protocol.STATE_OPEN:
                closing.append(protocol.is_closed.asFuture(loop))
                protocol.serverClose(SERVICE_RESTART)
        if closing:
            await asyncio.wait(closing, timeout=CLOSING_S)

    def _adopt(self) -> None:
        self.ws_factory.protocol = SocketProtocol
        self.http_factory = BoundedFactory(self)
        reactor.adoptStreamPort(self._listener.fileno(), self._listener.family, self.http_factory)
        # Twisted has its own copy; ours would keep the port taken after it stops listening.
        self._listener.close()
        reactor.callWhenRunning(lambda: asyncio.ensure_future(self._start()))

    async def _start(self) -> None:
        task = asyncio.get_running_loop().create_task(boot.start(self._role))
        self._life = Life(self._role, task)
        try:
            if await self._life.started() and self._on_ready:
                self._on_ready(self._address)
        except Exception as error:  # noqa: BLE001 - raised again by run()
            self._failure = error
            self.stop()

    async def _stop_in_order(self) -> None:
        if self._life is not None:
            await self._life.stop()
        await self.close_sockets()
        ended = super().kill_all_applications()
        await ended.asFuture(asyncio.get_running_loop())
