"""Tools of one run with the hooks of plugins around each call."""

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from atlas.accounts.principal import Principal
from atlas.agent.messages import ToolCall
from atlas.agent.tools.base import MAX_CONTENT_CHARACTERS, Tool, ToolOutcome
from atlas.agent.trust import Given
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.common.db import in_db
from plugins_app.host.errors import HookRejected
from plugins_app.host.facets import hooks
from plugins_app.sdk import AfterToolCall, BeforeToolCall


def hooked(tools: list[Tool], principal: Principal, given: set[Given]) -> list[Tool]:
    """Return the tools so that plugins may rewrite or reject each call and its result.

    Calls are counted from 1 over all tools of the run; a rejected call counts too. What a plugin
    says instead of a tool is noted in `given`.
    """
    numbers = itertools.count(1)
    return [_hooked(tool, principal, given, numbers) for tool in tools]


def _hooked(tool: Tool, principal: Principal, given: set[Given], numbers: Iterator[int]) -> Tool:
    conversation = principal.conversation_id
    who = {
        "user_id": str(principal.user_id),
        "conversation_id": "" if conversation is None else str(conversation),
    }

    async def run(call: ToolCall) -> ToolOutcome:
        before = BeforeToolCall(call.name, call.arguments, next(numbers), **who)
        try:
            arguments = dict(await hooks.before_tool_call(before))
        except HookRejected as rejected:
            given.add(Given.TOOL_RESULT)
            await in_db(_record, AuditEvent.TOOL_CALL_REJECTED, principal, before, rejected)
            return ToolOutcome.refusal(rejected.user_message, code=rejected.code)
        started = time.perf_counter()
        outcome = await tool.run(replace(call, arguments=arguments))
        ms = (time.perf_counter() - started) * 1000
        told = _data(outcome.content)
        after = AfterToolCall(call.name, told, arguments, round(ms, 1), **who)
        seen = await _looked_at(outcome, after, principal)
        if seen is not outcome:
            given.add(Given.TOOL_RESULT)
        return seen

    return replace(tool, run=run)


async def _looked_at(
    outcome: ToolOutcome, after: AfterToolCall, principal: Principal
) -> ToolOutcome:
    try:
        result = await hooks.after_tool_call(after)
    except HookRejected as rejected:
        # What the tool did stays done; only the model and the readers do not get to see it.
        await in_db(_record, AuditEvent.TOOL_RESULT_REJECTED, principal, after, rejected)
        refusal = ToolOutcome.refusal(rejected.user_message, code=rejected.code)
        return replace(refusal, ends_turn=outcome.ends_turn)
    if result is after.result:
        return outcome
    content = json.dumps(result, ensure_ascii=False, default=str)
    limit = max(MAX_CONTENT_CHARACTERS, len(outcome.content))
    return replace(outcome, content=content[:limit])


def _record(
    event: AuditEvent,
    who: Principal,
    told: BeforeToolCall | AfterToolCall,
    rejected: HookRejected,
) -> None:
    # Without the arguments: they may be the very reason to reject the call.
    record(
        event,
        actor=who,
        conversation_id=who.conversation_id,
        subject=f"tool {told.tool_name}",
        body={"plugin": rejected.plugin_id, "reason": rejected.user_message},
    )


def _data(content: str) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        # Long content is cut, and what is cut is no JSON any more.
        return content
