"""The worker's courier: asks what is due, claims notices, and hands them to the mail server."""

import asyncio
import contextlib
import functools
import logging
import smtplib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from atlas.bus import hub
from atlas.bus.hub import Subscription
from atlas.bus.topics import Topic
from atlas.common.db import in_db
from atlas.common.loops import cancelled, forever
from atlas.notices import outbox
from atlas.notices.mail import (
    MailServer,
    MailServerAway,
    Refused,
    Unclear,
    connect,
    deliver,
    leave,
    message_of,
)

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 20
# How long a stop waits for the letter that is on its way.
GRACE_S = 10.0


@dataclass(frozen=True)
class Pace:
    """Seconds between two rounds, and after one in which the mail server was away."""

    poll_s: float = 10.0
    away_s: float = 30.0
    settle_s: float = 0.5
    lease_s: float = outbox.LEASE_S


DEFAULT_PACE = Pace()


class Courier:
    """Sends notices, one batch after another; any number may run in any number of processes.

    Each of `planners` writes down what is due and is called in every round.
    """

    def __init__(
        self,
        server: MailServer,
        planners: Sequence[Callable[[], object]],
        *,
        pace: Pace = DEFAULT_PACE,
    ) -> None:
        self.owner = f"courier-{uuid.uuid4().hex[:12]}"
        self._server = server
        self._planners = planners
        self._pace = pace
        self._loops: list[asyncio.Task[None]] = []
        self._wakes: Subscription | None = None
        self._wake = asyncio.Event()
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._is_stopping = False

    def start(self) -> None:
        """Begin in the background; woken when something about requests changes."""
        with contextlib.suppress(RuntimeError):
            # Without a bus in this process the poll alone finds the work.
            self._wakes = hub.current().subscribe(Topic.APPROVALS)
        self._loops = [forever("notices", self._round)]
        if self._wakes is not None:
            listening = functools.partial(self._listen, self._wakes)
            self._loops.append(forever("notices-listen", listening))

    async def stop(self) -> None:
        """Let the letter that is on its way end, and leave the rest to whoever comes next."""
        self._is_stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                await self._is_idle.wait()
        await cancelled(self._loops)
        if self._wakes is not None:
            self._wakes.close()

    async def once(self) -> int:
        """Write down what is due and send one batch; returns how many were tried.

        Raises `MailServerAway`; what was claimed is given back then.
        """
        for plan in self._planners:
            await in_db(plan)
        await in_db(outbox.give_up_lost)
        left = await in_db(outbox.claim, self.owner, most=MOST_AT_ONCE, lease_s=self._pace.lease_s)
        if not left:
            return 0
        opened, tried = None, 0
        try:
            opened = await asyncio.to_thread(connect, self._server)
            while left and not self._is_stopping and await self._send(opened, left[0]):
                left.pop(0)
                tried += 1
        finally:
            await in_db(outbox.release, left, self.owner)
            if opened is not None:
                await asyncio.to_thread(leave, opened)
        return tried

    async def _send(self, opened: smtplib.SMTP, notice_id: int) -> bool:
        """Send one notice; False when the session is of no more use."""
        outgoing = await in_db(outbox.begin, notice_id, self.owner, self._server.site)
        if outgoing is None:
            return True
        try:
            message = message_of(self._server, notice_id, outgoing.address, outgoing.letter)
            await asyncio.to_thread(deliver, opened, message)
        except Refused as refusal:
            told = str(refusal)
            logger.warning("Notice %s was not taken: %s", notice_id, told)
            await in_db(outbox.refused, notice_id, self.owner, told, for_good=refusal.for_good)
            return False
        except Unclear as doubt:
            logger.warning("Notice %s may have been sent: %s", notice_id, doubt)
            await in_db(outbox.unclear, notice_id, self.owner, str(doubt))
            return False
        await in_db(outbox.sent, notice_id, self.owner)
        return True

    async def _round(self) -> None:
        self._is_idle.clear()
        self._wake.clear()
        pause, is_away = self._pace.poll_s, False
        try:
            if not self._is_stopping and await self.once():
                pause = 0.0
        except MailServerAway as away:
            logger.warning("Notices wait: %s", away)
            is_away = True
        finally:
            self._is_idle.set()
        if is_away:
            await asyncio.sleep(self._pace.away_s)
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()
                # A decision wakes several times in a row: one look is enough for all.
                await asyncio.sleep(self._pace.settle_s)

    async def _listen(self, wakes: Subscription) -> None:
        async for _key in wakes:
            self._wake.set()
