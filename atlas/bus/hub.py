"""One listening session a process, and the subscriptions that it wakes."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg
from psycopg import sql

from atlas.bus.topics import Topic, is_key
from atlas.common.loops import forever
from atlas.common.postgres import connect

MAX_WAITING = 1000
FIRST_RETRY_S = 0.2


class Subscription:
    """The wake-ups of one topic, in order; `None` means: something was missed, look again."""

    def __init__(self, hub: "Hub", topic: Topic, key: str | None) -> None:
        self.topic = topic
        self.key = key
        self._hub = hub
        self._waiting: deque[str | None] = deque()
        self._awake = asyncio.Event()

    def put(self, key: str | None) -> None:
        if key is None or len(self._waiting) >= MAX_WAITING:
            self._waiting.clear()
            key = None
        self._waiting.append(key)
        self._awake.set()

    async def get(self) -> str | None:
        """Wait for the next wake-up."""
        while not self._waiting:
            self._awake.clear()
            await self._awake.wait()
        return self._waiting.popleft()

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
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def subscribe(self, topic: Topic, key: str | None = None) -> Subscription:
        """Return the wake-ups of `topic`; with `key`, only those of exactly that key."""
        subscription = Subscription(self, topic, key)
        self._subscriptions[topic].add(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        self._subscriptions[subscription.topic].discard(subscription)

    def wake(self, topic: Topic, key: str) -> None:
        """Wake the subscribers in this process alone."""
        for subscription in tuple(self._subscriptions[topic]):
            if subscription.key is None or subscription.key == key:
                subscription.put(key)

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
