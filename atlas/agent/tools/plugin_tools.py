"""Tools that plugins registered, as the agent calls them: checked, bounded and recorded."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from atlas.accounts.principal import Principal
from atlas.agent.messages import ToolCall, ToolSpec
from atlas.agent.tools.base import Tool, ToolOutcome, schema_of
from atlas.agent.trust import Given
from atlas.agent.work import Work
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from plugins_app.host import ports
from plugins_app.host.facets import tools
from plugins_app.sdk import Tool as PluginTool


def with_plugin_tools(own: list[Tool], work: Work) -> list[Tool]:
    """Return the tools and those of plugins; a plugin's tool never takes the place of our own."""
    taken = {tool.spec.name for tool in own}
    return [*own, *(_tool(plugin_id, tool, work) for plugin_id, tool in tools.offered(taken))]


def for_person(own: list[Tool], principal: Principal) -> list[Tool]:
    """Return the tools so that plugins called inside one ask datasources as this person."""
    return [_for_person(tool, principal) for tool in own]


def _for_person(tool: Tool, principal: Principal) -> Tool:
    async def run(call: ToolCall) -> ToolOutcome:
        with ports.acting_for(principal):
            return await tool.run(call)

    return replace(tool, run=run)


def _tool(plugin_id: str, tool: PluginTool[Any], work: Work) -> Tool:
    async def run(call: ToolCall) -> ToolOutcome:
        return await _run(plugin_id, tool, work, call)

    model: type[BaseModel] = tool.arguments
    spec = ToolSpec(tool.name, tool.description, schema_of(model))
    return Tool(spec, _("Looking something up"), run)


async def _run(plugin_id: str, tool: PluginTool[Any], work: Work, call: ToolCall) -> ToolOutcome:
    try:
        arguments = tool.arguments.model_validate(call.arguments)
    except ValidationError as error:
        return ToolOutcome.misfit(error)
    who = work.principal
    conversation = "" if who.conversation_id is None else str(who.conversation_id)
    await in_db(_record, plugin_id, who, tool.name, call.arguments)
    work.given.add(Given.TOOL_RESULT)
    try:
        result = await tools.call(
            plugin_id, tool, arguments, user_id=str(who.user_id), conversation_id=conversation
        )
    except AtlasError as error:
        return ToolOutcome.refusal(error.user_message, code=error.code)
    return ToolOutcome.of(result)


def _record(plugin_id: str, who: Principal, name: str, arguments: dict[str, Any]) -> None:
    record(
        AuditEvent.PLUGIN_TOOL_CALLED,
        actor=who,
        conversation_id=who.conversation_id,
        subject=f"plugin {plugin_id}",
        body={"tool": name, "arguments": arguments},
    )
