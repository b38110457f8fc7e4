"""The one writer of run events in a process: one statement a window for all runs."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg

from atlas.bus.topics import Topic
from atlas.common.loops import forever, told
from atlas.common.postgres import connect
from atlas.conversations.enums import EventKind
from atlas.events.stored import StoredEvent
from atlas.events.stream import Pending, RunStream

logger = logging.getLogger(__name__)

WINDOW_S = 0.05
# A run's row is skipped while somebody holds its lock for a moment (the lease renewal does);
# only a fence that still does not match after these tries means that the lease is lost.
MAX_REFUSALS = 3
# Longer than the longest delay (3 x wal_writer_delay) of an asynchronous commit.
LATE_COMMIT_S = 1.0
# What Postgres says about the values of an event, not about its own state.
REFUSED = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.StatementTooComplex)

_INSERT = """
WITH input AS (
    SELECT * FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::text[], %s::text[])
        AS piece(run_id, fence, seq, kind, payload)
), wanted AS (
    SELECT run_id, fence, max(seq) AS last FROM input GROUP BY run_id, fence
), held AS (
    SELECT run.id, run.conversation_id, wanted.last
    FROM conversations_run AS run
    JOIN wanted ON wanted.run_id = run.id AND wanted.fence = run.fence
    WHERE run.status = 'running'
    FOR SHARE OF run SKIP LOCKED
), written AS (
    INSERT INTO conversations_runevent (run_id, seq, kind, payload)
    SELECT input.run_id, input.seq, input.kind, input.payload::jsonb
    FROM input JOIN held ON held.id = input.run_id
    ON CONFLICT DO NOTHING
)
SELECT id, pg_notify(%s, conversation_id::text || ':' || id::text || ':' || last) FROM held
"""

Publish = Callable[[UUID, list[StoredEvent]], None]


class EventWriter:
    """Writes what all runs of this process emit, then publishes it; never before.

    The first piece of a run goes out at once, later ones together every 50 ms. Text commits
    asynchronously: its pieces are kept until a later synchronous commit covers them, and are
    written again under the same numbers when Postgres was lost in between.
    """

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._dirty: set[RunStream] = set()
        self._awake = asyncio.Event()
        self._urgent = asyncio.Event()
        self._sessions: dict[bool, psycopg.AsyncConnection[Any]] = {}
        self._late: list[Pending] = []
        self._late_since = 0.0
        self._late_may_be_lost = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write in the background."""
        self._task = forever("event-writer", self._next_window)

    async def stop(self) -> None:
        """Write what is left and close the sessions."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        try:
            await self._write_window()
        except Exception as error:  # noqa: BLE001 - logged by `told`
            told("The last window of run events", error)
        await self._close_sessions()

    def open(self, run_id: UUID, conversation_id: UUID, fence: int) -> RunStream:
        """Return the stream of a run whose lease this process holds."""
        return RunStream(run_id, conversation_id, fence, self._wake)

    def _wake(self, stream: RunStream) -> None:
        self._dirty.add(stream)
        self._awake.set()
        if not stream.has_written:
            self._urgent.set()

    async def _next_window(self) -> None:
        with contextlib.suppress(TimeoutError):
            timeout = LATE_COMMIT_S if self._late else None
            await asyncio.wait_for(self._awake.wait(), timeout)
        try:
            await self._write_window()
        except Exception:
            await self._close_sessions()
            raise
        self._urgent.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._urgent.wait(), WINDOW_S)

    async def _write_window(self) -> None:
        self._awake.clear()
        streams = [stream for stream in self._dirty if not stream.lost.is_set()]
        self._dirty.clear()
        try:
            if self._late_may_be_lost:
                await self._insert(self._late, durable=True)
                self._late_may_be_lost = False
            batches = {stream: tuple(stream.take()) for stream in streams}
            fresh = [pending for batch in batches.values() for pending in batch]
            if fresh or self._late_is_due():
                await self._write(batches, fresh)
        except BaseException:  # also when cancelled: the last window of a stop writes it
            self._dirty.update(streams)
            self._awake.set()
            raise

    async def _write(
        self, batches: dict[RunStream, tuple[Pending, ...]], fresh: list[Pending]
    ) -> None:
        only_text = all(pending.event.kind == EventKind.TEXT for pending in fresh)
        durable = not only_text or self._late_is_due()
        try:
            held = await self._insert(fresh, durable=durable)
        except REFUSED:
            held = await self._insert_apart(batches, durable=durable)
        if durable:
            self._late.clear()
        elif not self._late:
            self._late_since = time.monotonic()
        for stream, batch in batches.items():
            if stream.run_id in held:
                if not durable:
                    self._late.extend(batch)
                self._publish(stream.conversation_id, stream.confirm(len(batch)))
            elif batch and not stream.is_spoiled:
                await self._refuse(stream)

    def _late_is_due(self) -> bool:
        return bool(self._late) and time.monotonic() - self._late_since >= LATE_COMMIT_S

    async def _insert_apart(
        self, batches: dict[RunStream, tuple[Pending, ...]], *, durable: bool
    ) -> set[UUID]:
        """Write each run's events alone, so that one which Postgres refuses holds up no other."""
        held: set[UUID] = set()
        for stream, batch in batches.items():
            try:
                held |= await self._insert(batch, durable=durable) if batch else set()
            except REFUSED as error:
                told(f"Writing events of run {stream.run_id}", error)
                stream.spoil()
        return held

    async def _insert(self, fresh: Sequence[Pending], *, durable: bool) -> set[UUID]:
        session = await self._session(durable=durable)
        # A durable commit also flushes what earlier asynchronous commits left in memory.
        pieces = fresh or self._late
        cursor = await session.execute(
            _INSERT,
            [
                [pending.event.run_id for pending in pieces],
                [pending.fence for pending in pieces],
                [pending.event.seq for pending in pieces],
                [pending.event.kind for pending in pieces],
                [pending.body for pending in pieces],
                Topic.RUN.channel,
            ],
            prepare=True,
        )
        return {row[0] for row in await cursor.fetchall()}

    async def _refuse(self, stream: RunStream) -> None:
        stream.refused += 1
        if stream.refused >= MAX_REFUSALS and not await self._still_holds(stream):
            logger.warning("Run %s lost its lease; it is cancelled here.", stream.run_id)
            stream.lose()
            return
        self._dirty.add(stream)
        self._awake.set()

    async def _still_holds(self, stream: RunStream) -> bool:
        session = await self._session(durable=True)
        cursor = await session.execute(
            "SELECT 1 FROM conversations_run WHERE id = %s AND fence = %s AND status = 'running'",
            [stream.run_id, stream.fence],
        )
        return await cursor.fetchone() is not None

    async def _session(self, *, durable: bool) -> psycopg.AsyncConnection[Any]:
        session = self._sessions.get(durable)
        if session is None or session.closed:
            session = await connect(synchronous_commit=durable)
            self._sessions[durable] = session
        return session

    async def _close_sessions(self) -> None:
        self._late_may_be_lost = bool(self._late)
        for session in self._sessions.values():
            with contextlib.suppress(psycopg.Error):
                await session.close()
        self._sessions.clear()
