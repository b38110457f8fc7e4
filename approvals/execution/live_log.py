"""The live log of a request: what its action says while it is carried out, for the card."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.db.models import F, Value
from django.db.models.functions import Concat

from approvals.execution.claims import Claim
from approvals.models import ActionRequest
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.db import in_db
from atlas.common.jsonable import clean_text
from atlas.common.loops import told

MOST_LINES = 100
MAX_LINE = 300
PAUSE_S = 0.25
# How long the end of an action waits for the last lines of its log.
PATIENCE_S = 2.0


class LiveLog:
    """Lines that one holder of a request hears, in their order."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._lines: list[str] = []
        self._written = 0

    def hear(self, text: str) -> None:
        """Add a line, in any thread; what comes after the hundredth is only in the server's log."""
        if len(self._lines) < MOST_LINES:
            self._lines.append(" ".join(clean_text(text).split())[:MAX_LINE])

    async def write(self) -> None:
        """Store what was heard since the last time; an action never fails because of its log."""
        new = self._lines[self._written :]
        if not new:
            return
        self._written += len(new)
        try:
            await in_db(_append, self._claim, "".join(f"{line}\n" for line in new))
        except Exception as error:  # noqa: BLE001 - logged by `told`
            told(f"The log of request {self._claim.request_id}", error)


@asynccontextmanager
async def live_log(claim: Claim) -> AsyncIterator[LiveLog]:
    """Store what is heard as it comes, until the end of the block."""
    log, over = LiveLog(claim), asyncio.Event()
    following = asyncio.create_task(_follow(log, over), name=f"request-{claim.request_id}-log")
    try:
        yield log
    finally:
        over.set()
        # What is being stored now must not be stored again by a later write.
        await asyncio.wait([following], timeout=PATIENCE_S)
        following.cancel()


async def _follow(log: LiveLog, over: asyncio.Event) -> None:
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PAUSE_S):
                await over.wait()
        await log.write()


def _append(claim: Claim, lines: str) -> None:
    held = ActionRequest.objects.filter(pk=claim.request_id, fence=claim.fence)
    if held.update(log=Concat(F("log"), Value(lines))):
        notify(Topic.APPROVALS, str(claim.request_id))
