"""Starting and stopping what runs beside the web server, and what signals do to it."""

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Literal, Protocol

from atlas.runtime.signals import told_to_leave

Role = Literal["serve", "web", "worker"]

# How long running answers may go on after the first signal.
GRACE_S: dict[Role, float] = {"serve": 5.0, "web": 30.0, "worker": 30.0}
# Writing the last events and taking plugins down, which have limits of their own.
AFTER_GRACE_S = 30.0
EXIT_S = 5.0
EXIT_AT_ONCE = 130

logger = logging.getLogger(__name__)


class Running(Protocol):
    """What `atlas.boot.start` returns."""

    async def stop(self, grace_s: float) -> None:
        """Let answers finish for `grace_s` seconds, then write, close and tear down."""


class Life:
    """The part of a process that boot starts: once up, once down, whatever comes first."""

    def __init__(self, role: Role, task: "asyncio.Task[Running]") -> None:
        self._role = role
        self._task = task

    async def started(self) -> bool:
        """Wait for the start; False when it was stopped before. Raises what the start raised.

        From then on garbage is collected, but never looked for among what the start has made.
        """
        try:
            await asyncio.shield(self._task)
        except asyncio.CancelledError:
            if self._task.cancelled():
                return False
            raise
        gc.freeze()
        gc.enable()
        return True

    async def stop(self) -> None:
        """Take everything down in order; never raises and never takes longer than its limits."""
        if not self._task.done():
            self._task.cancel()
        with suppress(BaseException):
            await asyncio.wait({self._task}, timeout=AFTER_GRACE_S)
        if self._task.cancelled() or not self._task.done() or self._task.exception():
            return
        grace_s = GRACE_S[self._role]
        try:
            async with asyncio.timeout(grace_s + AFTER_GRACE_S):
                await self._task.result().stop(grace_s)
        except Exception:  # the process ends either way, so the rest of the stop must go on
            logger.exception("Stopping did not end well; what was running reads interrupted")


def on_signals(begin: Callable[[], object]) -> None:
    """Call `begin` at the first SIGTERM or SIGINT; a second one ends the process at once."""
    seen = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        if seen.is_set():
            os._exit(EXIT_AT_ONCE)
        seen.set()
        begin()

    # Python's own handler also runs while the event loop is kept busy by a long computation.
    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
    if told_to_leave():
        seen.set()
        begin()


def exit_soon(code: int) -> None:
    """End the process in EXIT_S seconds even when a thread does not come back."""

    def end() -> None:
        sys.stderr.write("A thread did not end in time; leaving it behind.\n")
        sys.stderr.flush()
        os._exit(code)

    timer = threading.Timer(EXIT_S, end)
    timer.daemon = True
    timer.start()
