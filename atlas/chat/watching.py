"""What one socket follows: a conversation, approvals, and its person's rights."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import ParamSpec
from uuid import UUID

from django.utils.translation import gettext as _

from approvals.pages.queue import newer_in_queue
from atlas.accounts.models import User
from atlas.bus import hub
from atlas.bus.topics import Topic
from atlas.chat.presence import Standing, still_stands
from atlas.chat.presenting import Presenter
from atlas.chat.protocol import Watch
from atlas.common.db import AWAY, in_db
from atlas.common.errors import NotFound
from atlas.conversations.participants import people_key, place_in
from atlas.events import feed
from atlas.events.stored import RunQueued

logger = logging.getLogger(__name__)

P = ParamSpec("P")

SIGNED_OUT = 4401
BROKEN = 1011
LOOK_S = 60.0
# Between two looks through all cards of a page, however often a socket asks.
CARDS_S = 1.0


class Watching:
    """The background of a socket; `close` ends it from here with a code.

    One task follows rights, approvals and Postgres: most tabs are idle, and each has this.
    """

    __slots__ = (
        "_background",
        "_cards_from",
        "_close",
        "_following",
        "_look_at",
        "_presenter",
        "_standing",
        "_wanted",
        "_was_there",
        "conversation_id",
    )

    def __init__(
        self, standing: Standing, presenter: Presenter, close: Callable[[int], Awaitable[None]]
    ) -> None:
        self.conversation_id: UUID | None = None
        self._standing = standing
        self._presenter = presenter
        self._close = close
        self._background: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        # Of the conversation only who takes part in it; the feed tells of its runs.
        self._wanted: dict[Topic, str | None] = {
            Topic.USER: str(standing.user_id),
            Topic.APPROVALS: None,
            Topic.POSTGRES: None,
            Topic.CONVERSATION: people_key(None),
        }
        self._was_there = True
        self._cards_from = 0.0
        self._look_at = 0.0

    def start(self) -> None:
        """Follow approvals and rights from now on."""
        self._background = self._run("socket", self._follow)

    async def watch(self, frame: Watch, user: User, *, may_ask: bool) -> None:
        """Follow another conversation, which the person may see."""
        following, self._following = self._following, None
        await _ended(following)
        self._presenter.watch(frame, may_ask=may_ask)
        self.conversation_id = frame.conversation
        self._wanted[Topic.CONVERSATION] = people_key(frame.conversation)
        await self._presenter.waiting()
        await self._presenter.halt()
        if frame.may_ask is not None and frame.may_ask != may_ask:
            await self._presenter.composer()
        if frame.requests or frame.queue is not None or frame.conversation is not None:
            self._following = self._run("socket-conversation", self._follow_frame, frame, user)

    async def stop(self) -> None:
        """End everything; a second call does nothing."""
        tasks = (self._background, self._following)
        self._background = self._following = None
        for task in tasks:
            await _ended(task)

    async def _follow_frame(self, frame: Watch, user: User) -> None:
        if frame.requests or frame.queue is not None:
            await self._look_at_cards(frame, user)
        if frame.conversation is not None:
            await self._follow_conversation(frame.conversation, dict(frame.after))

    async def _look_at_cards(self, frame: Watch, user: User) -> None:
        """Draw what changed since the page was made: soon for one frame, then only so often.

        The next frame ends what is left to do for this one, since it says what the page has now.
        """
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(self._cards_from - clock())
        self._cards_from = clock() + CARDS_S
        for number, mark in frame.requests.items():
            await self._presenter.request(number, shown=mark)
        if frame.queue is not None:
            newest = max(frame.requests, default=0)
            for number in await in_db(newer_in_queue, user, frame.queue, newest):
                await self._presenter.request(number)

    async def _follow_conversation(self, conversation_id: UUID, after: dict[UUID, int]) -> None:
        news_feed = feed.follow(conversation_id, after)
        async with contextlib.aclosing(news_feed):  # type: ignore[type-var]  # it is a generator
            async for news in news_feed:
                if isinstance(news, RunQueued):
                    await self._presenter.run_queued(news)
                else:
                    await self._presenter.events(news)

    async def _follow(self) -> None:
        self._look_again_later()
        with contextlib.closing(hub.current().subscribe_to(self._wanted)) as wakes:
            while await self._heed(await self._next(wakes)):
                pass

    async def _next(self, wakes: hub.Subscription) -> hub.Wake:
        """What comes next; each minute it is the person: keys and sessions also just expire."""
        if asyncio.get_running_loop().time() < self._look_at:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(self._look_at):
                    return await wakes.take()
        return Topic.USER, ""

    async def _heed(self, wake: hub.Wake) -> bool:
        """Do what a wake-up asks for; False when the person may not be here any more."""
        topic, key = wake or (None, "")
        if topic in (None, Topic.POSTGRES):
            await self._tell_of_postgres()
        if topic in (None, Topic.USER) and not await self._may_stay():
            await self._close(SIGNED_OUT)
            return False
        if topic in (None, Topic.APPROVALS):
            if key.isdigit():
                await self._presenter.request(int(key))
            else:
                await self._presenter.halt()
            await self._presenter.waiting()
        if topic in (None, Topic.CONVERSATION):
            await self._presenter.people()
        return True

    async def _tell_of_postgres(self) -> None:
        is_there = hub.current().is_listening
        if is_there != self._was_there:
            self._was_there = is_there
            await self._presenter.database(is_there=is_there)

    async def _may_stay(self) -> bool:
        self._look_again_later()
        # While Postgres is away nothing can be sent either.
        with contextlib.suppress(*AWAY):
            return await in_db(still_stands, self._standing) is not None
        return True

    def _look_again_later(self) -> None:
        self._look_at = asyncio.get_running_loop().time() + LOOK_S

    def _run(
        self, name: str, work: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs
    ) -> asyncio.Task[None]:
        return asyncio.create_task(self._guarded(work, *args, **kwargs), name=name)

    async def _guarded(
        self, work: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Whatever breaks closes the socket: the browser comes back and reads what it missed."""
        try:
            await work(*args, **kwargs)
        except Exception:
            logger.exception("A socket broke; the browser opens another one.")
            await self._close(BROKEN)


async def _ended(task: asyncio.Task[None] | None) -> None:
    if task is None or task is asyncio.current_task():
        return
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def may_ask_in(conversation_id: UUID, user: User) -> bool:
    """Whether the person may ask there; raises `NotFound` for who may not see it."""
    may_write = place_in(conversation_id, user)
    if may_write is None:
        raise NotFound(_("There is no such conversation, or you do not take part in it."))
    return may_write and user.may_ask
