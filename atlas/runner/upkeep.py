"""The worker's periodic work: what is past its time is deleted, by one process at a time."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from atlas.common.db import in_db
from atlas.common.loops import cancelled, forever, told
from atlas.conversations.tasks import forget_old_events, forget_text_events
from atlas.datasources.tasks import delete_expired_grants, delete_expired_results
from atlas.notices.tasks import delete_old_notices

logger = logging.getLogger(__name__)

EVERY_S = 3_600.0
# After a start everything else comes first, and workers that start together spread out.
FIRST_AFTER_S = 60.0
STATEMENT_TIMEOUT = "60s"
PAUSE_S = 0.2


@dataclass(frozen=True)
class Chore:
    """Work in batches: `batch` does one and returns how much it did; 0 means that all is done."""

    name: str
    batch: Callable[[], int]


CHORES = (
    Chore("expired results", delete_expired_results),
    Chore("expired rights to queries", delete_expired_grants),
    Chore("text events", forget_text_events),
    Chore("old events", forget_old_events),
    Chore("old notices", delete_old_notices),
)


def run_batch(chore: Chore) -> int:
    """Do one batch in a transaction of its own; 0 while another process is at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"chore {chore.name}"])
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [STATEMENT_TIMEOUT])
        return chore.batch()


class Upkeep:
    """Does every chore once an hour; what fails is logged and tried again an hour later."""

    def __init__(
        self,
        chores: Sequence[Chore] = CHORES,
        *,
        every_s: float = EVERY_S,
        first_after_s: float = FIRST_AFTER_S,
    ) -> None:
        self._chores = chores
        self._every_s = every_s
        self._wait_s = first_after_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = forever("upkeep", self._round)

    async def stop(self) -> None:
        """End between two batches; what is left waits for the next start."""
        if self._task is not None:
            await cancelled([self._task])
            self._task = None

    async def _round(self) -> None:
        await asyncio.sleep(self._wait_s)
        self._wait_s = self._every_s
        for chore in self._chores:
            await self._do(chore)

    async def _do(self, chore: Chore) -> None:
        total = 0
        try:
            while done := await in_db(run_batch, chore):
                total += done
                await asyncio.sleep(PAUSE_S)
        except Exception as error:  # noqa: BLE001 - logged by `told`
            told(f"Deleting {chore.name}", error)
        if total:
            logger.info("Deleted %s %s", total, chore.name)
