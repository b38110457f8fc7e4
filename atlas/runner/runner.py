"""The worker's loop: claims queued runs, renews their leases, reaps the dead."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from uuid import UUID

from atlas.bus import hub
from atlas.bus.topics import Topic
from atlas.common.completion import completed
from atlas.common.db import in_db
from atlas.common.loops import cancelled, forever
from atlas.conversations.ending import interrupt_dead_runs
from atlas.conversations.enums import EventKind
from atlas.conversations.owners import process_name
from atlas.env import Environment
from atlas.events.writer import EventWriter, Publish
from atlas.runner.claims import Claim, claim, give_back, renew
from atlas.runner.driving import Drive

SLOTS = 64
POLL_S = 2.0
RENEW_S = 5.0
WRITE_S = 5.0


class Runner:
    """Runs the agent for as many queued runs as there are free slots in this process."""

    def __init__(
        self,
        env: Environment,
        writer: EventWriter,
        publish: Publish,
        *,
        datasource: str,
        semantic_dir: Path,
    ) -> None:
        self._env = env
        self._writer = writer
        self._publish = publish
        self._datasource = datasource
        self._semantic_dir = semantic_dir
        self._drives: dict[UUID, tuple[Drive, asyncio.Task[None]]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._claiming: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._renew_now = asyncio.Event()
        self._reaps_from = 0.0

    def start(self) -> None:
        self._claiming = forever("runner-claims", self._claim, on_failure=self._note_failure)
        self._loops = [
            forever("runner-leases", self._renew_all, on_failure=self._note_failure),
            forever("runner-wakes", self._listen),
        ]

    async def stop(self, grace_s: float) -> None:
        """Claim no more, let running answers end for `grace_s`, then write `interrupted`.

        Waits at most WRITE_S for that to be written, as Postgres may be away. Until then leases
        are renewed and stops are heard: others must not take a living answer for dead.
        """
        await cancelled([self._claiming] if self._claiming else [])
        await self._end_drives(grace_s)
        await cancelled(self._loops)

    async def _end_drives(self, grace_s: float) -> None:
        tasks = [task for _drive, task in self._drives.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=grace_s)
        for drive, _task in tuple(self._drives.values()):
            drive.stop(EventKind.INTERRUPTED)
        if tasks:
            _ended, left = await asyncio.wait(tasks, timeout=WRITE_S)
            # Nothing can be written now; whoever finds their leases dead writes the end.
            for task in left:
                task.cancel()

    async def _claim(self) -> None:
        free = SLOTS - len(self._drives)
        claims = await _claimed(free) if free > 0 else []
        for claimed in claims:
            self._begin(claimed)
        if len(claims) < max(free, 1):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_S)
            self._wake.clear()

    def _begin(self, claimed: Claim) -> None:
        stream = self._writer.open(claimed.run_id, claimed.conversation_id, claimed.fence)
        drive = Drive(claimed, stream, self._publish)
        task = asyncio.create_task(
            self._drive(drive, stream.lost.wait()), name=f"run-{claimed.run_id}"
        )
        self._drives[claimed.run_id] = drive, task
        task.add_done_callback(lambda _task: self._end(claimed.run_id))
        if claimed.stop_requested:
            self._stop_run(claimed.run_id)

    async def _drive(self, drive: Drive, lost: Coroutine[Any, Any, Any]) -> None:
        answering = asyncio.create_task(
            drive.run(self._env, self._datasource, self._semantic_dir), name="answering"
        )
        losing = asyncio.create_task(lost)
        try:
            await asyncio.wait({answering, losing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            losing.cancel()
            if not answering.done():
                answering.cancel()
            await asyncio.wait({answering})

    def _end(self, run_id: UUID) -> None:
        self._drives.pop(run_id, None)
        self._wake.set()

    async def _listen(self) -> None:
        with contextlib.closing(hub.current().subscribe(Topic.RUNS)) as wakes:
            async for key in wakes:
                self._heed(key)

    def _heed(self, key: str | None) -> None:
        kind, _colon, run_id = (key or "").partition(":")
        if kind == "stop":
            with contextlib.suppress(ValueError):
                self._stop_run(UUID(run_id))
        else:
            self._wake.set()
        if key is None:
            # Postgres may have been away: renew before anybody takes the leases for dead.
            self._renew_now.set()

    def _stop_run(self, run_id: UUID) -> None:
        if run_id in self._drives:
            drive, _task = self._drives[run_id]
            drive.stop(EventKind.STOPPED)

    async def _renew_all(self) -> None:
        self._renew_now.clear()
        await self._renew()
        if time.monotonic() >= self._reaps_from:
            await in_db(interrupt_dead_runs)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._renew_now.wait(), RENEW_S)

    async def _renew(self) -> None:
        mine = {run_id: drive.claim for run_id, (drive, _task) in self._drives.items()}
        if not mine:
            return
        held = await in_db(renew, list(mine.values()))
        for run_id, (drive, _task) in tuple(self._drives.items()):
            if drive.claim is not mine.get(run_id):
                continue
            if run_id not in held:
                drive.lose()
            elif held[run_id]:
                self._stop_run(run_id)

    def _note_failure(self) -> None:
        # After an outage every living holder renews first; only then is a dead lease dead.
        self._reaps_from = time.monotonic() + 2 * RENEW_S


async def _claimed(most: int) -> list[Claim]:
    """Claim up to `most` runs; whoever is cancelled meanwhile keeps none of them."""
    claims, has_left = await completed(in_db(claim, process_name(), most))
    if has_left:
        await in_db(give_back, claims)
        raise asyncio.CancelledError
    return claims
