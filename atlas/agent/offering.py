"""Prepares the tools' part of a model's request once, as long as the same tools are offered.

The clients' layers copy and walk the schemas of all tools for each request, which takes longer
than everything else that a request costs. A client of OpenAI's interface gets them as a finished
part of the body instead, which it passes on as it is.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from atlas.agent.messages import ToolSpec

# Roles and plugins make a few sets of tools; one whose schemas are made anew is made anew here.
MOST_KEPT = 16

Tools = tuple[ToolSpec, ...]


@dataclass(frozen=True)
class Offer:
    """What a request says about tools."""

    parameters: ModelRequestParameters
    settings: ModelSettings | None


class Offers:
    """The offers of one model, kept for the sets of tools that were asked for last."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._kept: OrderedDict[object, tuple[Tools, Offer]] = OrderedDict()

    def of(self, tools: Tools) -> Offer:
        """Return the offer of these tools; nobody may change it, nor the tools' schemas."""
        key = tuple((tool.name, tool.description, id(tool.schema)) for tool in tools)
        if key not in self._kept:
            # The tools are kept too: an id belongs to a schema only while there is that schema.
            self._kept[key] = tools, self._made(tools)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key][1]

    def _made(self, tools: Tools) -> Offer:
        parameters = ModelRequestParameters(
            function_tools=[
                ToolDefinition(
                    name=tool.name, description=tool.description, parameters_json_schema=tool.schema
                )
                for tool in tools
            ]
        )
        if not tools or not isinstance(self._model, OpenAIChatModel):
            return Offer(parameters, None)
        _settings, prepared = self._model.prepare_request(None, parameters)
        may_be_strict = self._model.profile.get("openai_supports_strict_tool_definition", True)
        told = [
            _told(tool, bool(tool.strict and may_be_strict)) for tool in prepared.function_tools
        ]
        body = {"tools": told, "tool_choice": "auto"}
        return Offer(ModelRequestParameters(), ModelSettings(extra_body=body))


def _told(tool: ToolDefinition, strict: bool) -> dict[str, Any]:
    """A tool as OpenAI's interface has it."""
    function: dict[str, Any] = {
        "name": tool.name,
        "description": tool.description or "",
        "parameters": tool.parameters_json_schema,
    }
    return {"type": "function", "function": function | ({"strict": True} if strict else {})}
