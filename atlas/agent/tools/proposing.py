"""Filing requests for approval: one tool per action, and what a sensitive query does instead."""

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from approvals.enums import Mode, Status
from approvals.execution.waiting import wait_for_outcome
from approvals.filing.payloads import Why
from approvals.filing.proposals import Proposal
from approvals.filing.proposing import propose
from approvals.filing.queries import HeldQuery, propose_query
from approvals.rules.requirements import QUERY
from atlas.agent.events import Fact
from atlas.agent.messages import ToolCall, ToolSpec
from atlas.agent.tools.base import Tool, ToolOutcome, schema_of
from atlas.agent.trust import Given
from atlas.agent.work import Work
from atlas.common.errors import AtlasError
from atlas.conversations.enums import EventKind
from atlas.datasources.outcomes import NeedsApproval
from plugins_app.host.facets import actions

ATTACH = "attach_result"


def action_tools(work: Work) -> list[Tool]:
    """Return a tool for each action that can be proposed now."""
    label = _("Filing a request")
    return [_tool(work, action, label) for action in actions.registered()]


def _tool(work: Work, action: actions.RegisteredAction, label: str) -> Tool:
    async def run(call: ToolCall) -> ToolOutcome:
        return await _propose(work, action, call)

    arguments: type[BaseModel] = action.spec.arguments
    schema = _schema_of(arguments)
    description = f"{action.spec.description} Files a request; it runs only after approval."
    return Tool(ToolSpec(action.spec.name, description, schema), label, run)


@functools.lru_cache(maxsize=128)
def _schema_of(arguments: type[BaseModel]) -> dict[str, Any]:
    """The schema of an action's arguments and of what may go with it; nobody may change it."""
    schema = schema_of(arguments)
    attach = {"type": "boolean", "description": "Attach the rows of the last query"}
    return {**schema, "properties": {**schema.get("properties", {}), ATTACH: attach}}


async def file_query(
    work: Work, needed: NeedsApproval, described: Mapping[str, Any]
) -> ToolOutcome:
    """File a request to run a query that needs approval; its rows come with the follow-up."""
    held = HeldQuery(needed, work.datasource, work.layer.digest, described)
    proposal = _proposal(work, QUERY, {})
    try:
        request = await propose_query(proposal, held)
    except AtlasError as error:
        return ToolOutcome.refusal(error.user_message, code=error.code)
    told = {
        "request": request.pk,
        "status": str(request.status),
        "needs_approval": list(needed.reasons),
    }
    fact = Fact(EventKind.REQUEST, {"request_id": request.pk})
    return ToolOutcome.of(told, fact, ends_turn=True)


def _proposal(work: Work, name: str, arguments: Mapping[str, object]) -> Proposal:
    work.proposals[name] = work.proposals.get(name, 0) + 1
    return Proposal(
        action=name,
        arguments=arguments,
        run_id=work.run_id,
        tool_call_id=f"{name}:{work.proposals[name]}",
        why=Why(work.question, work.said.strip()[:1000], work.figure, work.sql),
        untrusted=work.untrusted,
        fence=work.fence,
    )


async def _propose(work: Work, action: actions.RegisteredAction, call: ToolCall) -> ToolOutcome:
    arguments = dict(call.arguments)
    attach = bool(arguments.pop(ATTACH, False)) and work.attachment is not None
    name = action.spec.name
    proposal = replace(
        _proposal(work, name, arguments),
        attachments=(work.attachment,) if attach and work.attachment else (),
    )
    try:
        request = await propose(proposal)
    except AtlasError as error:
        work.note_refusal(error.code)
        return ToolOutcome.refusal(error.user_message, code=error.code)
    told: dict[str, object] = {"request": request.pk, "status": str(request.status)}
    if request.mode == Mode.AUTO and request.status == Status.APPROVED:
        outcome = await wait_for_outcome(request.pk)
        work.given.add(Given.TOOL_RESULT)
        told = {"request": request.pk, "status": str(outcome.status), "outcome": outcome.sentence}
    fact = Fact(EventKind.REQUEST, {"request_id": request.pk})
    return ToolOutcome.of(told, fact, ends_turn=True)
