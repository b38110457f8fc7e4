"""What a tool of the agent is and what comes out of it."""

import functools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from atlas.agent.events import Fact
from atlas.agent.messages import ToolCall, ToolSpec
from atlas.common.misfits import misfits

MAX_CONTENT_CHARACTERS = 12_000
# For results that were made to fit whole: cutting them would leave no JSON.
MAX_FITTED_CHARACTERS = 40_000


@functools.lru_cache(maxsize=128)
def schema_of(arguments: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a tool's arguments, shared by all runs: nobody may change it."""
    return arguments.model_json_schema()


@dataclass(frozen=True)
class ToolOutcome:
    """`content` goes to the model as JSON text, `facts` to the readers."""

    content: str
    facts: tuple[Fact, ...] = ()
    ends_turn: bool = False
    failed: bool = False

    @classmethod
    def of(
        cls,
        data: object,
        *facts: Fact,
        ends_turn: bool = False,
        limit: int = MAX_CONTENT_CHARACTERS,
    ) -> "ToolOutcome":
        text = json.dumps(data, ensure_ascii=False, default=str)
        return cls(text[:limit], facts, ends_turn)

    @classmethod
    def refusal(cls, message: str, **details: object) -> "ToolOutcome":
        """The tool did nothing; the model is told why and may try otherwise."""
        content = json.dumps({"error": message, **details}, ensure_ascii=False, default=str)
        return cls(content[:MAX_CONTENT_CHARACTERS], failed=True)

    @classmethod
    def misfit(cls, error: ValidationError) -> "ToolOutcome":
        """The arguments do not fit; the model is told which, to call again."""
        return cls.refusal(misfits(error, whole="arguments", most=3))


@dataclass(frozen=True)
class Tool:
    """A tool the agent may call; `run` never raises for what the model asked."""

    spec: ToolSpec
    label: str
    run: Callable[[ToolCall], Awaitable[ToolOutcome]]
