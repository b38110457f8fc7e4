"""The outgoing side of a socket, and its form for programs: typed frames."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from approvals.models import ActionRequest
from atlas.accounts.models import User
from atlas.chat.protocol import (
    DatabaseFrame,
    ErrorFrame,
    EventFrame,
    Frame,
    RequestFrame,
    RunFrame,
    Watch,
)
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.events.stored import RunQueued, StoredEvent

Send = Callable[[str], Awaitable[None]]


class Presenter(Protocol):
    """The outgoing side of one socket."""

    def watch(self, frame: Watch, *, may_ask: bool) -> None:
        """Begin to show a conversation of which the reader has what the frame says."""

    async def events(self, events: Sequence[StoredEvent]) -> None: ...

    async def run_queued(self, run: RunQueued) -> None: ...

    async def request(self, number: int, *, shown: str = "") -> None:
        """An approval request changed, in whatever conversation; `shown` is what a page has."""

    async def waiting(self) -> None:
        """How many requests wait for the reader."""

    async def halt(self) -> None:
        """An order that stops everything may have been given or lifted."""

    async def composer(self) -> None:
        """Whether the reader may ask is not what the page shows."""

    async def people(self) -> None:
        """Somebody came, left, or got another right in the watched conversation."""

    async def database(self, *, is_there: bool) -> None:
        """Postgres was lost, or is back."""

    async def error(self, error: AtlasError) -> None: ...


@dataclass(frozen=True, slots=True)
class JsonPresenter:
    """Typed frames, for API clients."""

    user: User
    send: Send

    def watch(self, frame: Watch, *, may_ask: bool) -> None:
        """Events carry all that a program needs."""

    async def events(self, events: Sequence[StoredEvent]) -> None:
        for event in events:
            # What the writer made is an `EventFrame` by its own types: nothing is left to check.
            frame = EventFrame.model_construct(
                run=event.run_id, seq=event.seq, kind=event.kind, payload=event.payload
            )
            await self._send(frame)

    async def run_queued(self, run: RunQueued) -> None:
        await self._send(
            RunFrame(
                run=run.run_id,
                question=run.question_id,
                answer=run.answer_id,
                conversation=run.conversation_id,
            )
        )

    async def request(self, number: int, *, shown: str = "") -> None:
        status = await in_db(_status_of, number, self.user)
        if status:
            await self._send(RequestFrame(id=number, status=status))

    async def waiting(self) -> None:
        """Programs count for themselves."""

    async def halt(self) -> None:
        """A program's question says so itself."""

    async def composer(self) -> None:
        """A program has none."""

    async def people(self) -> None:
        """A program asks for them."""

    async def database(self, *, is_there: bool) -> None:
        await self._send(DatabaseFrame(is_there=is_there))

    async def error(self, error: AtlasError) -> None:
        await self._send(ErrorFrame(code=error.code, message=error.user_message))

    async def _send(self, frame: Frame) -> None:
        await self.send(frame.model_dump_json())


def _status_of(number: int, user: User) -> str:
    rows = ActionRequest.objects.visible_to(user).filter(pk=number)
    return rows.values_list("status", flat=True).first() or ""
