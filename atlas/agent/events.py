"""What the agent yields while it works; whoever drives it stores and sends."""

from dataclasses import dataclass, field

from atlas.common.jsonable import JSON
from atlas.conversations.enums import EventKind


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Anything else that a reader may see: a step, a result, a filed request, suggestions."""

    kind: EventKind
    payload: dict[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The facts of a finished model turn, and what the model needs to go on after it.

    The facts and the checkpoint are stored together or not at all, so that a continued run
    repeats none of them. After one that `ends` the turn there is nothing to go on with.
    """

    facts: tuple[Fact, ...]
    messages: list[JSON]
    ends: bool = False


AgentEvent = TextPiece | Fact | Checkpoint
