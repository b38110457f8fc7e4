"""The socket of the chat: reads frames and hands them on."""

import logging
from dataclasses import dataclass
from typing import Any

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atlas.accounts.models import User
from atlas.chat.fragments import HtmlPresenter
from atlas.chat.presence import (
    Standing,
    enter,
    language_of,
    leave,
    let_go,
    standing_of,
    still_stands,
)
from atlas.chat.presenting import JsonPresenter, Presenter
from atlas.chat.protocol import (
    HTML,
    JSON,
    SUBPROTOCOLS,
    Ask,
    Continue,
    Incoming,
    Stop,
    Watch,
    parse,
)
from atlas.chat.watching import SIGNED_OUT, Watching, may_ask_in
from atlas.common.db import AWAY, in_db
from atlas.common.errors import AtlasError, BadInput
from atlas.common.loops import told
from atlas.conversations import services
from atlas.conversations.models import Run
from atlas.events.stored import RunQueued

logger = logging.getLogger(__name__)

TOO_MANY = 4429
NO_SUBPROTOCOL = 4406
NOT_TAKEN = gettext_noop(
    "Atlas cannot reach its database, so this was not taken. Send it again in a moment."
)


class ChatConsumer(AsyncWebsocketConsumer):
    """One socket of one person; every frame is checked against the person's rights of now."""

    _standing: Standing | None = None
    _presenter: Presenter
    _watching: Watching

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket; however that ends, nothing of it stays."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._leave()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Handle an event without the look at this thread's database connections before it.

        The ORM is used through `in_db` alone, which gives its connection back each time.
        """
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        # Holds for this socket's task and for those it starts, as it does for a page.
        translation.activate(language_of(self.scope))
        offered = self.scope.get("subprotocols", [])
        chosen = next((name for name in SUBPROTOCOLS if name in offered), None)
        standing = await in_db(standing_of, self.scope, with_keys=chosen == JSON)
        let_go(self.scope)
        user = await in_db(still_stands, standing) if standing else None
        await self.accept(chosen)
        if standing is None or user is None:
            await self.close(SIGNED_OUT)
        elif chosen is None:
            await self.close(NO_SUBPROTOCOL)
        else:
            made = HtmlPresenter if chosen == HTML else JsonPresenter
            self._presenter = made(user, self._send_text)
            self._watching = Watching(standing, self._presenter, self.close)
            await self._enter(standing)

    async def _enter(self, standing: Standing) -> None:
        if not enter(standing.user_id):
            await self.close(TOO_MANY)
            return
        self._standing = standing
        self._watching.start()

    async def disconnect(self, code: int) -> None:
        await self._leave()

    async def _leave(self) -> None:
        """Take back what entering did; a second call does nothing."""
        if self._standing is not None:
            leave(self._standing.user_id)
            self._standing = None
            await self._watching.stop()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._standing is None:
            return
        try:
            taken = await in_db(_take, self._standing, text_data)
            if taken is None:
                await self.close(SIGNED_OUT)
            elif taken.run is not None:
                await self._announce(taken.run)
            elif isinstance(taken.frame, Watch):
                await self._watching.watch(taken.frame, taken.user, may_ask=taken.may_ask)
        except AtlasError as error:
            await self._presenter.error(error)
        except AWAY as error:
            told("A frame", error)
            await self._presenter.error(AtlasError(_(NOT_TAKEN), code="database_away"))

    async def _announce(self, run: RunQueued) -> None:
        """The feed tells of a run where it is watched, and this does elsewhere."""
        if run.conversation_id != self._watching.conversation_id:
            await self._presenter.run_queued(run)

    async def _send_text(self, text: str) -> None:
        await self.send(text_data=text)


@dataclass(frozen=True)
class Taken:
    """A frame, who sent it, and what it began."""

    frame: Incoming
    user: User
    run: RunQueued | None = None
    may_ask: bool = False


def _take(standing: Standing, text: str | None) -> Taken | None:
    """Check the person and do what a frame says, in one go; None for who may not be here."""
    user = still_stands(standing)
    if user is None:
        return None
    if text is None:
        raise BadInput(_("Frames are text, not bytes. Send JSON as text."), code="bad_frame")
    frame = parse(text)
    if isinstance(frame, Ask):
        asked = services.ask(user, frame.text, conversation_id=frame.conversation)
        return Taken(frame, user, run=_queued(asked))
    if isinstance(frame, Continue):
        return Taken(frame, user, run=_queued(services.continue_run(frame.run, by=user)))
    if isinstance(frame, Stop):
        services.request_stop(frame.run, by=user)
        return Taken(frame, user)
    may_ask = frame.conversation is not None and may_ask_in(frame.conversation, user)
    return Taken(frame, user, may_ask=may_ask)


def _queued(run: Run) -> RunQueued:
    ids = (run.id, run.conversation_id, run.question_id, run.answer_id)
    return RunQueued(*ids, run.kind)
