"""What a model is given: messages, tools and the prompt, in no provider's shape."""

from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from atlas.common.jsonable import JSON


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model wants a tool to run."""

    id: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class UserSaid:
    """A person's words."""

    text: str


@dataclass(frozen=True, slots=True)
class RecordsSaid:
    """What became of requests, for the turn that tells it; never words of a person."""

    text: str

    @property
    def marked(self) -> str:
        """The text for models that know people and themselves only."""
        return f"[records] {self.text}"


@dataclass(frozen=True, slots=True)
class ModelSaid:
    """One turn of the model: text, then tool calls."""

    text: str
    calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolSaid:
    """The result of one tool call as JSON text."""

    call_id: str
    name: str
    content: str


ChatMessage = UserSaid | RecordsSaid | ModelSaid | ToolSaid


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as a model sees it; `schema` is the JSON schema of its arguments."""

    name: str
    description: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that one model turn is given; `resumed` is text of this turn that people saw already."""

    system: str
    messages: tuple[ChatMessage, ...]
    tools: tuple[ToolSpec, ...] = ()
    resumed: str = ""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of text that the model wrote."""

    text: str


@dataclass(slots=True)
class Usage:
    """Tokens that a model turn used, as the provider counts them."""

    input_tokens: int = 0
    output_tokens: int = 0


ModelEvent = TextDelta | ToolCall | Usage


class Model(Protocol):
    """Something that writes one turn. A `repeatable` one writes the same for the same prompt."""

    name: str
    repeatable: bool

    def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        """Yield text and tool calls of one turn; raises `ModelFailed`."""
        ...


@dataclass(slots=True)
class Turn:
    """A model turn while it arrives."""

    text: str = ""
    calls: list[ToolCall] = field(default_factory=list)


def to_json(message: ModelSaid | ToolSaid) -> dict[str, JSON]:
    """Return what a run said or found as JSON for a checkpoint."""
    return {"type": type(message).__name__, **asdict(message)}


def from_json(data: dict[str, Any]) -> ModelSaid | ToolSaid:
    """Read back what `to_json` wrote."""
    fields = {key: value for key, value in data.items() if key != "type"}
    if data["type"] == "ToolSaid":
        return ToolSaid(**fields)
    calls = tuple(ToolCall(**call) for call in fields.pop("calls"))
    return ModelSaid(calls=calls, **fields)
