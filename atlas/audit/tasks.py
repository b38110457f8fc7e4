"""The worker's part: seals entries once a second and signs a checkpoint every 15 minutes."""

import asyncio
import time
from pathlib import Path

from atlas.audit.checkpoints import write_checkpoint
from atlas.audit.sealing import BATCH, seal_once
from atlas.common.db import in_db
from atlas.common.loops import told

EVERY_S = 1.0
CHECKPOINT_EVERY_S = 900.0
# A transaction may commit an entry after others with higher ids were sealed. So many ids are
# looked at again each time; whatever came later still is found before the next checkpoint.
LOOKED_AT_AGAIN = 5_000
MOST_WAIT_S = 30.0


class Sealer:
    """Keeps the chain at most seconds behind; several of them take turns by a lock.

    With the database away it waits up to 30 s between tries and catches up afterwards.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._highest = 0

    async def start(self) -> None:
        """Begin in the background; returns at once."""
        self._stopping.clear()
        self._task = asyncio.create_task(self._loop(), name="audit sealer")

    async def stop(self) -> None:
        """Seal what is left, sign a last checkpoint, and end; never raises."""
        self._stopping.set()
        if self._task is not None:
            await self._task
            self._task = None
        try:
            await self._sign()
        except Exception as error:  # noqa: BLE001 - logged by `told`
            told("The last checkpoint of the audit log", error)

    async def _loop(self) -> None:
        wait = EVERY_S
        signed_at = time.monotonic()
        while not await self._stops_within(wait):
            try:
                await self._seal()
                if time.monotonic() - signed_at >= CHECKPOINT_EVERY_S:
                    await self._sign()
                    signed_at = time.monotonic()
                wait = EVERY_S
            except Exception as error:  # noqa: BLE001 - logged by `told`
                told("The sealing of the audit log", error)
                wait = min(wait * 2, MOST_WAIT_S)

    async def _sign(self) -> None:
        self._highest = 0
        await self._seal()
        await in_db(write_checkpoint, self._data_dir)

    async def _seal(self) -> None:
        ids = [0] * BATCH
        while len(ids) == BATCH:
            ids = await in_db(seal_once, after=max(0, self._highest - LOOKED_AT_AGAIN))
            self._highest = max([self._highest, *ids])

    async def _stops_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True
