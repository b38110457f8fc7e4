"""Plugins rewrite or reject tool calls of a run and what they return."""

import json
from uuid import UUID

import pytest

from atlas.accounts.principal import Principal
from atlas.accounts.roles import Role
from atlas.agent.messages import ToolCall, ToolSpec
from atlas.agent.tools.base import Tool, ToolOutcome
from atlas.agent.tools.hooked import hooked
from atlas.agent.trust import Given
from atlas.audit.models import AuditEntry
from plugins_app.host.facets import hooks
from plugins_app.sdk import Hook, Hooks, Plugin, Reject
from tests.hosted import host, let_go
from tests.plugins.database import rows

pytestmark = pytest.mark.django_db(transaction=True)

CONVERSATION = UUID("00000000-0000-0000-0000-0000000000c1")
ENTRY = ("event", "subject", "actor_name", "conversation_id", "body")


@pytest.fixture
def plug():
    made = []

    def run(**points):
        gate = Plugin(id="gate", types=("action",), version="1", name="Gate", hooks=Hooks(**points))
        made.append(host(gate))

    yield run
    for entries in made:
        let_go(entries)


@pytest.fixture
def call():
    """Call the tools of one run and return what the model is told."""
    ran, given = [], set()

    async def double(asked):
        ran.append(dict(asked.arguments))
        return ToolOutcome.of({"twice": asked.arguments["n"] * 2}, ends_turn=True)

    spec = ToolSpec("double", "Doubles", {})
    principal = Principal(7, "ann", Role.ANALYST, CONVERSATION)
    (tool,) = hooked([Tool(spec, "Doubling", double)], principal, given)

    async def run(n=2):
        outcome = await tool.run(ToolCall("1", "double", {"n": n}))
        return json.loads(outcome.content), outcome

    run.ran, run.given = ran, given
    return run


async def test_without_hooks_nothing_changes(plug, call):
    plug()
    assert (await call())[0] == {"twice": 4}
    assert call.given == set()


async def test_events_tell_call_number_person_and_conversation(plug, call):
    seen = []

    def note(event, ctx):
        seen.append(event)

    plug(before_tool_call=(Hook(note),), after_tool_call=(Hook(note),))
    await call()
    await call(3)
    before, after, again, _ = seen
    assert (before.tool_name, before.args, before.tool_call_count) == ("double", {"n": 2}, 1)
    assert (before.user_id, before.conversation_id) == ("7", str(CONVERSATION))
    assert (after.result, after.args, after.duration_ms >= 0) == ({"twice": 4}, {"n": 2}, True)
    assert again.tool_call_count == 2


async def test_arguments_are_rewritten(plug, call):
    plug(before_tool_call=(Hook(lambda event, ctx: {"args": {"n": 10}}),))
    assert (await call())[0] == {"twice": 20}


async def test_a_rejected_call_does_not_run_and_counts(plug, call):
    counts = []

    def reject_first(event, ctx):
        counts.append(event.tool_call_count)
        if len(counts) == 1:
            raise Reject("Not now.")

    plug(before_tool_call=(Hook(reject_first),))
    told, outcome = await call()
    assert told["error"] == "The plugin “Gate” refused this: Not now."
    assert (outcome.failed, call.ran) == (True, [])
    assert call.given == {Given.TOOL_RESULT}
    await call()
    assert (counts, call.ran) == ([1, 2], [{"n": 2}])
    said = {"plugin": "gate", "reason": told["error"]}
    assert await rows(AuditEntry, *ENTRY) == [
        ("tool.rejected", "tool double", "ann", CONVERSATION, said)
    ]


async def test_a_result_is_replaced(plug, call):
    plug(after_tool_call=(Hook(lambda event, ctx: {"result": {"twice": "hidden"}}),))
    told, outcome = await call()
    assert (told, outcome.ends_turn) == ({"twice": "hidden"}, True)
    assert call.given == {Given.TOOL_RESULT}


async def test_a_rejected_result_is_shown_to_nobody(plug, call):
    def reject(event, ctx):
        raise Reject("Too much.")

    plug(after_tool_call=(Hook(reject),))
    told, outcome = await call()
    assert "Too much." in told["error"]
    assert (outcome.facts, outcome.ends_turn, call.ran) == ((), True, [{"n": 2}])
    said = {"plugin": "gate", "reason": told["error"]}
    assert await rows(AuditEntry, *ENTRY) == [
        ("tool.result_rejected", "tool double", "ann", CONVERSATION, said)
    ]


async def test_a_mandatory_hook_that_cannot_work_stops_the_tool(plug, call):
    gate = Hook(lambda event, ctx: {"args": [1]}, mandatory=True)
    plug(before_tool_call=(gate,))
    assert (await call())[1].failed
    assert call.ran == []
    assert hooks.is_watched("before_tool_call")
