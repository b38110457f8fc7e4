"""Follows the runs of conversations: stored events first, then live ones, in order, once each."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from uuid import UUID

from atlas.bus import hub as bus
from atlas.bus.topics import Topic
from atlas.common.db import in_db, is_outage
from atlas.common.loops import RETRY_S, cancelled, forever, told
from atlas.conversations.models import Run
from atlas.events.replay import read_runs, read_runs_of
from atlas.events.stored import RunQueued, StoredEvent

POLL_S = 2.0
MAX_WAITING = 256

News = list[StoredEvent] | RunQueued


class Follower:
    """One reader of one conversation; holds the last number that it was given of each run."""

    def __init__(self, conversation_id: UUID, after: Mapping[UUID, int]) -> None:
        self.conversation_id = conversation_id
        self.seen: dict[UUID, int] = dict(after)
        self.needs_reading = True
        self._waiting: deque[News] = deque()
        self._awake = asyncio.Event()

    def offer(self, events: list[StoredEvent]) -> None:
        """Take what comes next; a gap or an overflow makes the follower read again."""
        fresh = [event for event in events if event.seq > self.seen.get(event.run_id, 0)]
        if not fresh:
            return
        if self._fits(fresh):
            self.seen[fresh[0].run_id] = fresh[-1].seq
            self._waiting.append(fresh)
        else:
            self.needs_reading = True
        self._awake.set()

    def read_again(self) -> None:
        """Have the follower read what it missed."""
        self.needs_reading = True
        self._awake.set()

    def pop(self) -> News | None:
        """The oldest thing that waits, if there is one."""
        return self._waiting.popleft() if self._waiting else None

    async def wait(self) -> None:
        """Return when something waits or has to be read."""
        while not self._waiting and not self.needs_reading:
            self._awake.clear()
            await self._awake.wait()

    def _fits(self, fresh: list[StoredEvent]) -> bool:
        follows = fresh[0].seq == self.seen.get(fresh[0].run_id, -1) + 1
        return follows and len(self._waiting) < MAX_WAITING and not self.needs_reading


class Feed:
    """The followers of this process, fed by its own writer, by the bus, and by a slow poll."""

    def __init__(self) -> None:
        self._followers: dict[UUID, set[Follower]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to hear of what other processes write."""
        self._tasks = [
            forever("feed-runs", self._relay_runs),
            forever("feed-conversations", self._relay_conversations),
            forever("feed-poll", self._poll),
        ]

    async def stop(self) -> None:
        """Hear no more; followers keep what they were given."""
        await cancelled(self._tasks)

    def publish(self, conversation_id: UUID, events: list[StoredEvent]) -> None:
        """Give events of one run, which are in Postgres, to those who follow it here."""
        for follower in tuple(self._followers.get(conversation_id, ())):
            follower.offer(events)

    async def follow(self, conversation_id: UUID, after: Mapping[UUID, int]) -> AsyncIterator[News]:
        """Yield what happens in a conversation, beginning after the numbers in `after`.

        A run that is missing in `after` is given whole when it was queued after the newest run
        named there, or when `after` is empty. The caller has checked that the reader may read.
        """
        follower = Follower(conversation_id, after)
        self._followers.setdefault(conversation_id, set()).add(follower)
        try:
            while True:
                if follower.needs_reading:
                    async for news in self._read(follower):
                        yield news
                while (waiting := follower.pop()) is not None:
                    yield waiting
                await follower.wait()
        finally:
            self._forget(follower)

    async def _read(self, follower: Follower) -> AsyncIterator[News]:
        # What waits is older than what will be read, and must come first.
        while (waiting := follower.pop()) is not None:
            yield waiting
        follower.needs_reading = False
        runs, events = await _gap_of(follower)
        for run in runs:
            follower.seen[run.run_id] = 0
            yield run
        for batch in _by_run(events):
            # What was offered while it was read is older than what is left of it.
            while (waiting := follower.pop()) is not None:
                yield waiting
            batch = [event for event in batch if event.seq > follower.seen[event.run_id]]
            if batch:
                follower.seen[batch[0].run_id] = batch[-1].seq
                yield batch

    def _forget(self, follower: Follower) -> None:
        followers = self._followers.get(follower.conversation_id, set())
        followers.discard(follower)
        if not followers:
            self._followers.pop(follower.conversation_id, None)

    async def _relay_runs(self) -> None:
        """Keys are `conversation:run:seq`; whoever has that number already does not read."""
        with contextlib.closing(bus.current().subscribe(Topic.RUN)) as wakes:
            async for key in wakes:
                with contextlib.suppress(ValueError):
                    self._look(key)

    def _look(self, key: str | None) -> None:
        if key is None:
            self._read_all(self._followers)
            return
        conversation, run, seq = key.split(":")
        for follower in self._followers.get(UUID(conversation), ()):
            if follower.seen.get(UUID(run), -1) < int(seq):
                follower.read_again()

    async def _relay_conversations(self) -> None:
        with contextlib.closing(bus.current().subscribe(Topic.CONVERSATION)) as wakes:
            async for key in wakes:
                with contextlib.suppress(ValueError):
                    self._read_all(self._followers if key is None else [UUID(key)])

    async def _poll(self) -> None:
        await asyncio.sleep(POLL_S)
        for conversation_id, run_id, seq in await in_db(_newest_numbers, list(self._followers)):
            for follower in self._followers.get(conversation_id, ()):
                if follower.seen.get(run_id, -1) < seq:
                    follower.read_again()

    def _read_all(self, conversation_ids: Iterable[UUID]) -> None:
        for conversation_id in conversation_ids:
            for follower in self._followers.get(conversation_id, ()):
                follower.read_again()


async def _gap_of(follower: Follower) -> tuple[list[RunQueued], list[StoredEvent]]:
    """What the follower has not seen, however long Postgres is away."""
    while True:
        try:
            return await in_db(_read_gap, follower.conversation_id, dict(follower.seen))
        except Exception as error:
            if not is_outage(error):
                raise
            told("A reader of a conversation", error)
            await asyncio.sleep(RETRY_S)


def _read_gap(
    conversation_id: UUID, seen: dict[UUID, int]
) -> tuple[list[RunQueued], list[StoredEvent]]:
    runs = read_runs_of([conversation_id])
    known = [position for position, run in enumerate(runs) if run.run_id in seen]
    newest = max(known, default=-1)
    wanted = [run for position, run in enumerate(runs) if run.run_id in seen or position > newest]
    events = read_runs({run.run_id: seen.get(run.run_id, 0) for run in wanted})
    order = {run.run_id: position for position, run in enumerate(wanted)}
    events.sort(key=lambda event: (order[event.run_id], event.seq))
    return [run for run in wanted if run.run_id not in seen], events


def _newest_numbers(conversation_ids: list[UUID]) -> list[tuple[UUID, UUID, int]]:
    if not conversation_ids:
        return []
    return list(Run.objects.newest_numbers(conversation_ids))


def _by_run(events: list[StoredEvent]) -> list[list[StoredEvent]]:
    batches: list[list[StoredEvent]] = []
    for event in events:
        if not batches or batches[-1][-1].run_id != event.run_id:
            batches.append([])
        batches[-1].append(event)
    return batches


_current: Feed | None = None


def install(feed: Feed | None) -> None:
    """Make `feed` the feed of this process; boot does it, and one test fixture."""
    global _current
    _current = feed


def follow(conversation_id: UUID, after: Mapping[UUID, int]) -> AsyncIterator[News]:
    """Follow a conversation on this process's feed; raises `RuntimeError` before boot."""
    if _current is None:
        raise RuntimeError("Atlas has not been started in this process.")
    return _current.follow(conversation_id, after)
