"""The tools that speak to the reader: a choice, an honest refusal, questions to go on with."""

from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from atlas.agent.events import Fact
from atlas.agent.messages import ToolCall, ToolSpec
from atlas.agent.tools.base import Tool, ToolOutcome, schema_of
from atlas.conversations.enums import EventKind


class Choice(BaseModel):
    """One way to read the question; `question` is asked when it is chosen."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field(max_length=120)
    question: str = Field(max_length=500)


class AskArguments(BaseModel):
    """A clarifying choice."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=500)
    options: list[Choice] = Field(max_length=5)


class DeclineArguments(BaseModel):
    """What is missing, and questions that do work."""

    model_config = ConfigDict(extra="forbid")

    message: str = Field(max_length=1000)
    suggestions: list[str] = Field(default_factory=list, max_length=3)


class SuggestArguments(BaseModel):
    """Questions that follow from the answer."""

    model_config = ConfigDict(extra="forbid")

    questions: list[str] = Field(max_length=3)


def talking_tools() -> list[Tool]:
    """Return the tools; none of them has an effect outside the conversation."""
    return [
        _tool(
            "ask_user",
            "Ask the person to choose between readings when the question is ambiguous. "
            "Ends the turn.",
            AskArguments,
            EventKind.ASK,
        ),
        _tool(
            "decline",
            "Say honestly that the data cannot answer, what is missing, and up to three questions "
            "that can be answered. Ends the turn.",
            DeclineArguments,
            EventKind.REFUSE,
        ),
        _tool(
            "suggest",
            "Offer up to three questions that follow from a finished answer. Ends the turn.",
            SuggestArguments,
            EventKind.SUGGEST,
        ),
    ]


def _tool(name: str, description: str, model: type[BaseModel], kind: EventKind) -> Tool:
    async def run(call: ToolCall) -> ToolOutcome:
        try:
            payload: dict[str, Any] = model.model_validate(call.arguments).model_dump(mode="json")
        except ValidationError as error:
            return ToolOutcome.misfit(error)
        return ToolOutcome.of({"shown": True}, Fact(kind, payload), ends_turn=True)

    return Tool(ToolSpec(name, description, schema_of(model)), _("Writing answer"), run)
