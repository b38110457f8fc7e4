"""Every frame of the socket, in both directions; JSON objects told apart by `type`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from approvals.pages.queue import Listed
from atlas.common.errors import BadInput

HTML = "atlas.html"
JSON = "atlas.json"
SUBPROTOCOLS = (HTML, JSON)
MAX_FRAME = 65_536
# More than any page shows; each costs a look at the request and perhaps a card.
MAX_CARDS = 100
# What the columns hold; a larger number would break the query, and with it the socket.
MOST_SEQ = 2**31 - 1
MOST_ID = 2**63 - 1


class Frame(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Watch(Frame):
    """Follow a conversation from the last numbers seen; None follows only what waits for you.

    `requests` are the cards on the page with the mark that each bears. `queue` is what the first
    page of the approvals lists, where requests that come later appear too. `may_ask` is whether
    the page has the form for questions.
    """

    type: Literal["watch"]
    conversation: UUID | None = None
    after: dict[UUID, Annotated[int, Field(ge=0, le=MOST_SEQ)]] = Field(default_factory=dict)
    requests: Annotated[
        dict[Annotated[int, Field(ge=0, le=MOST_ID)], str], Field(max_length=MAX_CARDS)
    ] = Field(default_factory=dict)
    queue: Listed | None = None
    may_ask: bool | None = None


class Ask(Frame):
    """Ask in a conversation, or in a new one."""

    type: Literal["ask"]
    conversation: UUID | None = None
    text: str


class Stop(Frame):
    """Stop a run; what it has written stays."""

    type: Literal["stop"]
    run: UUID


class Continue(Frame):
    """Go on with an interrupted run."""

    type: Literal["continue"]
    run: UUID


Incoming = Watch | Ask | Stop | Continue

_incoming: TypeAdapter[Incoming] = TypeAdapter(Annotated[Incoming, Field(discriminator="type")])


class EventFrame(Frame):
    """Event number `seq` of a run."""

    type: Literal["event"] = "event"
    run: UUID
    seq: int
    kind: str
    payload: dict[str, Any]


class RunFrame(Frame):
    """A run that was queued in the watched conversation, or by an `ask` of this socket."""

    type: Literal["run"] = "run"
    run: UUID
    question: UUID
    answer: UUID
    conversation: UUID


class RequestFrame(Frame):
    """An approval request that the reader may see came to a new status."""

    type: Literal["request"] = "request"
    id: int
    status: str


class DatabaseFrame(Frame):
    """Atlas lost its database or has it again; until then nothing new comes and nothing is lost."""

    type: Literal["database"] = "database"
    is_there: bool


class ErrorFrame(Frame):
    """Why the last frame did nothing."""

    type: Literal["error"] = "error"
    code: str
    message: str


def parse(text: str) -> Incoming:
    """Read a frame; raises `BadInput` with code `bad_frame` or `frame_too_large`."""
    if len(text) > MAX_FRAME or len(text.encode("utf-8", "replace")) > MAX_FRAME:
        raise BadInput(
            _("A frame may have at most 64 kB. Send less at once."), code="frame_too_large"
        )
    try:
        return _incoming.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "frame"
        problem = _("Not a frame of this protocol: %(where)s: %(reason)s.")
        raise BadInput(
            problem % {"where": where, "reason": first["msg"]}, code="bad_frame"
        ) from None
