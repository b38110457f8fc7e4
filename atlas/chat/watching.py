"""What one socket follows: a conversation, approvals, and its person's rights."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID

from approvals.queue import newer_in_queue
from atlas.accounts.models import User
from atlas.bus import hub
from atlas.bus.topics import Topic
from atlas.chat.presence import Standing, still_stands
from atlas.chat.presenting import Presenter
from atlas.chat.protocol import Watch
from atlas.common.db import AWAY, in_db
from atlas.common.errors import NotFound
from atlas.conversations.models import Conversation
from atlas.events import feed
from atlas.events.stored import RunQueued

logger = logging.getLogger(__name__)

SIGNED_OUT = 4401
BROKEN = 1011
LOOK_S = 60.0


class Watching:
    """The background of a socket; `close` ends it from here with a code."""

    def __init__(
        self, standing: Standing, presenter: Presenter, close: Callable[[int], Awaitable[None]]
    ) -> None:
        self.conversation_id: UUID | None = None
        self._standing = standing
        self._presenter = presenter
        self._close = close
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Follow approvals and rights from now on."""
        self._run("rights", self._follow_rights())
        self._run("approvals", self._follow_approvals())
        self._run("postgres", self._follow_postgres())

    async def watch(self, frame: Watch, user: User, *, may_ask: bool) -> None:
        """Follow another conversation, which the person may see."""
        await self._cancel("conversation")
        self._presenter.watch(frame, may_ask=may_ask)
        self.conversation_id = frame.conversation
        await self._presenter.waiting()
        for number, status in frame.requests.items():
            await self._presenter.request(number, shown=status)
        if frame.queue is not None:
            newest = max(frame.requests, default=0)
            for number in await in_db(newer_in_queue, user, frame.queue, newest):
                await self._presenter.request(number)
        if frame.conversation is not None:
            follow = self._follow_conversation(frame.conversation, dict(frame.after))
            self._run("conversation", follow)

    async def stop(self) -> None:
        """End everything; a second call does nothing."""
        for name in tuple(self._tasks):
            await self._cancel(name)

    async def _follow_conversation(self, conversation_id: UUID, after: dict[UUID, int]) -> None:
        news_feed = feed.follow(conversation_id, after)
        async with contextlib.aclosing(news_feed):  # type: ignore[type-var]  # it is a generator
            async for news in news_feed:
                if isinstance(news, RunQueued):
                    await self._presenter.run_queued(news)
                else:
                    await self._presenter.events(news)

    async def _follow_approvals(self) -> None:
        subscription = hub.current().subscribe(Topic.APPROVALS)
        try:
            async for key in subscription:
                if key is not None and key.isdigit():
                    await self._presenter.request(int(key))
                await self._presenter.waiting()
        finally:
            subscription.close()

    async def _follow_postgres(self) -> None:
        subscription = hub.current().subscribe(Topic.POSTGRES)
        was_there = True
        try:
            async for _key in subscription:
                is_there = hub.current().is_listening
                if is_there != was_there:
                    was_there = is_there
                    await self._presenter.database(is_there=is_there)
        finally:
            subscription.close()

    async def _follow_rights(self) -> None:
        """Look when somebody changes them, and each minute: keys and sessions also just expire."""
        subscription = hub.current().subscribe(Topic.USER, str(self._standing.user_id))
        with contextlib.closing(subscription):
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(subscription.get(), LOOK_S)
                # While Postgres is away nothing can be sent either.
                with contextlib.suppress(*AWAY):
                    if await in_db(still_stands, self._standing) is None:
                        await self._close(SIGNED_OUT)
                        return

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks[name] = asyncio.create_task(self._guarded(work), name=f"socket-{name}")

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Whatever breaks closes the socket: the browser comes back and reads what it missed."""
        try:
            await work
        except Exception:
            logger.exception("A socket broke; the browser opens another one.")
            await self._close(BROKEN)

    async def _cancel(self, name: str) -> None:
        task = self._tasks.pop(name, None)
        if task is None or task is asyncio.current_task():
            return
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def may_ask_in(conversation_id: UUID, user: User) -> bool:
    """Whether the person may ask there; raises `NotFound` for who may not see it."""
    conversations = Conversation.objects
    if conversations.writable_by(user).filter(pk=conversation_id).exists():
        return True
    if not conversations.visible_to(user).filter(pk=conversation_id).exists():
        raise NotFound("There is no such conversation.")
    return False
