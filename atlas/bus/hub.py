"""One listening session a process, and the subscriptions that it wakes."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import psycopg
from psycopg import sql

from atlas.bus.topics import Topic, is_key
from atlas.common.loops import cancelled, forever
from atlas.common.postgres import connect

MAX_WAITING = 1000
FIRST_RETRY_S = 0.2


# A topic and its key; `None` means: something was missed, look again at everything.
Wake = tuple[Topic, str] | None


class Subscription:
    """The wake-ups of its topics, in order, for one reader at a time.

    A process holds one for each open socket: what only some of them need is made when it is.
    """

    __slots__ = ("_hub", "_reader", "_waiting", "wanted")

    def __init__(self, hub: "Hub", wanted: Mapping[Topic, str | None]) -> None:
        self.wanted = wanted
        self._hub = hub
        self._waiting: deque[Wake] | None = None
        self._reader: asyncio.Future[None] | None = None

    def put(self, wake: Wake) -> None:
        if self._waiting is None:
            self._waiting = deque()
        if wake is None or len(self._waiting) >= MAX_WAITING:
            self._waiting.clear()
            wake = None
        self._waiting.append(wake)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def take(self) -> Wake:
        """Wait for the next wake-up, with its topic."""
        while not self._waiting:
            self._waiting = None
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        return self._waiting.popleft()

    async def get(self) -> str | None:
        """Wait for the key of the next wake-up."""
        wake = await self.take()
        return None if wake is None else wake[1]

    async def __aiter__(self) -> AsyncIterator[str | None]:
        while True:
            yield await self.get()

    def close(self) -> None:
        self._hub.forget(self)


class Hub:
    """Listens to all topics on one session; reconnects by itself and then wakes everybody.

    `on_change` is told whether Postgres is there, each time that this changes.
    """

    def __init__(self, on_change: Callable[[bool], None] = lambda _is_there: None) -> None:
        self._subscriptions: dict[Topic, set[Subscription]] = {topic: set() for topic in Topic}
        self._task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()
        self._on_change = on_change

    @property
    def is_listening(self) -> bool:
        """Whether the session stands; without it Postgres is most likely away."""
        return self._listening.is_set()

    async def start(self) -> None:
        """Start to listen; returns when the session listens or the first attempt failed."""
        self._task = forever("bus-hub", self._attend, retry_s=FIRST_RETRY_S, on_failure=self._lost)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._listening.wait(), timeout=5)

    async def stop(self) -> None:
        if self._task is not None:
            await cancelled([self._task])

    def subscribe(self, topic: Topic, key: str | None = None) -> Subscription:
        """Return the wake-ups of `topic`; with `key`, only those of exactly that key."""
        return self.subscribe_to({topic: key})

    def subscribe_to(self, wanted: Mapping[Topic, str | None]) -> Subscription:
        """Return the wake-ups of several topics: of one key each, or of all where it is None."""
        subscription = Subscription(self, wanted)
        for topic in wanted:
            self._subscriptions[topic].add(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        for topic in subscription.wanted:
            self._subscriptions[topic].discard(subscription)

    def wake(self, topic: Topic, key: str) -> None:
        """Wake the subscribers in this process alone."""
        for subscription in tuple(self._subscriptions[topic]):
            if subscription.wanted[topic] in (None, key):
                subscription.put((topic, key))

    def wake_everybody(self) -> None:
        for subscriptions in self._subscriptions.values():
            for subscription in tuple(subscriptions):
                subscription.put(None)

    async def _attend(self) -> None:
        async with await connect() as session:
            await self._listen(session)
            await self._relay(session)

    async def _listen(self, session: psycopg.AsyncConnection[Any]) -> None:
        for topic in Topic:
            await session.execute(sql.SQL("LISTEN {}").format(sql.Identifier(topic.channel)))
        self._listening.set()
        self._on_change(True)
        self.wake_everybody()

    def _lost(self) -> None:
        if self._listening.is_set():
            self._listening.clear()
            self._on_change(False)
            self.wake(Topic.POSTGRES, "lost")

    async def _relay(self, session: psycopg.AsyncConnection[Any]) -> None:
        topics = {topic.channel: topic for topic in Topic}
        async for notice in session.notifies():
            if is_key(notice.payload):
                self.wake(topics[notice.channel], notice.payload)


_current: Hub | None = None


def install(hub: Hub | None) -> None:
    """Make `hub` the hub of this process; boot does it, and one test fixture."""
    global _current
    _current = hub


def current() -> Hub:
    """Return the hub of this process; raises `RuntimeError` before boot."""
    if _current is None:
        raise RuntimeError("Atlas has not been started in this process.")
    return _current
