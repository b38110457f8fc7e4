"""Promises of the agent's loop, with a model and tools that are written down here."""

import asyncio
from collections.abc import AsyncGenerator
from types import SimpleNamespace

import pytest

from atlas.agent.budget import Budget
from atlas.agent.errors import BudgetExceeded
from atlas.agent.events import AgentEvent, Checkpoint, Fact, TextPiece
from atlas.agent.loop import Assignment, run_agent
from atlas.agent.messages import (
    ModelEvent,
    ModelSaid,
    Prompt,
    TextDelta,
    ToolCall,
    ToolSaid,
    ToolSpec,
    Usage,
    UserSaid,
    from_json,
)
from atlas.agent.tools.base import Tool, ToolOutcome
from atlas.conversations.enums import EventKind


class Model:
    """Writes the given turns, the last one again and again, and keeps the prompts."""

    name = "written"

    def __init__(self, *turns: list[ModelEvent], repeatable: bool = True) -> None:
        self.turns = list(turns)
        self.repeatable = repeatable
        self.prompts: list[Prompt] = []

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        self.prompts.append(prompt)
        for event in self.turns[min(len(self.prompts), len(self.turns)) - 1]:
            yield event


def tool(name: str, outcome: ToolOutcome) -> Tool:
    async def run(call: ToolCall) -> ToolOutcome:
        return outcome

    return Tool(ToolSpec(name, "", {}), f"Doing {name}", run)


ROWS = Fact(EventKind.RESULT, {"row_count": 1})
ENDS = Fact(EventKind.SUGGEST, {"questions": ["And then?"]})
TOOLS = {
    "count": tool("count", ToolOutcome.of({"rows": 1}, ROWS)),
    "end": tool("end", ToolOutcome.of({}, ENDS, ends_turn=True)),
}


def words(*texts: str) -> list[ModelEvent]:
    return [TextDelta(text) for text in texts]


def assignment(model: Model, **changes: object) -> Assignment:
    return Assignment(model, "be brief", [UserSaid("How many?")], TOOLS, **changes)


async def play(task: Assignment) -> list[AgentEvent]:
    return [event async for event in run_agent(task)]


def shown(events: list[AgentEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextPiece))


def steps(events: list[AgentEvent]) -> list[tuple[object, ...]]:
    facts = [e.payload for e in events if isinstance(e, Fact) and e.kind is EventKind.STEP]
    return [(step["id"], step["label"], step["state"]) for step in facts]


async def test_text_arrives_piece_by_piece_and_ends_the_turn() -> None:
    task = assignment(Model(words("It is ", "42.")))

    assert await play(task) == [TextPiece("It is "), TextPiece("42.")]
    assert task.said == "It is 42."
    assert task.messages == [UserSaid("How many?"), ModelSaid("It is 42.")]


async def test_a_tool_call_is_a_step_and_its_facts_come_with_the_checkpoint() -> None:
    call = ToolCall("call-1", "count", {"of": "orders"})
    model = Model([TextDelta("Let me see. "), call], words("One."))

    events = await play(assignment(model))

    assert shown(events) == "Let me see. One."
    assert steps(events) == [
        ("call-1", "Doing count", "started"),
        ("call-1", "Doing count", "done"),
    ]
    [checkpoint] = [event for event in events if isinstance(event, Checkpoint)]
    assert checkpoint.facts == (ROWS,)
    assert ROWS not in events
    said = (ModelSaid("Let me see. ", (call,)), ToolSaid("call-1", "count", '{"rows": 1}'))
    assert tuple(map(from_json, checkpoint.messages)) == said
    assert model.prompts[1].messages == (UserSaid("How many?"), *said)


async def test_a_tool_that_ends_the_turn_ends_it() -> None:
    model = Model([ToolCall("call-1", "end", {})])

    events = await play(assignment(model))

    assert len(model.prompts) == 1
    assert events[-1].facts == (ENDS,)
    assert events[-1].ends


async def test_a_turn_that_ended_is_not_played_again() -> None:
    model = Model([ToolCall("call-1", "end", {})])

    assert await play(assignment(model, has_ended=True)) == []
    assert model.prompts == []


async def test_an_unknown_tool_is_told_to_the_model_and_fails_as_a_step() -> None:
    model = Model([ToolCall("call-1", "drop_table", {})], words("Sorry."))

    events = await play(assignment(model))

    assert steps(events)[-1] == ("call-1", "drop_table", "failed")
    assert model.prompts[1].messages[-1] == ToolSaid(
        "call-1", "drop_table", '{"error": "There is no tool named drop_table."}'
    )
    assert shown(events) == "Sorry."


@pytest.mark.parametrize("seen", range(len("It is 42.") + 1))
async def test_what_readers_have_is_held_back_wherever_it_was_cut(seen: int) -> None:
    whole = "It is 42."
    task = assignment(Model(words("It ", "is ", "42.")), resumed=whole[:seen])

    events = await play(task)

    assert whole[:seen] + shown(events) == whole
    assert task.messages[-1] == ModelSaid(whole)


async def test_only_the_first_turn_after_a_resume_is_held_back() -> None:
    model = Model([TextDelta("One. "), ToolCall("call-1", "count", {})], words("One. ", "Two."))

    assert shown(await play(assignment(model, resumed="One. "))) == "One. Two."


async def test_a_model_that_does_not_repeat_is_asked_to_go_on() -> None:
    model = Model(words("42."), repeatable=False)
    task = assignment(model, resumed="It is ")

    assert shown(await play(task)) == "42."
    assert model.prompts[0].resumed == "It is "
    assert task.messages[-1] == ModelSaid("It is 42.")


@pytest.mark.parametrize(
    ("turn", "limits", "turns"),
    [
        ([ToolCall("c", "count", {})], {"max_steps": 3}, 3),
        ([ToolCall("c", "count", {})], {"max_calls": 2}, 3),
        ([ToolCall("c", "count", {}), Usage(60, 50)], {"max_tokens": 100}, 1),
        ([ToolCall("c", "count", {})], {"max_seconds": -1}, 0),
    ],
    ids=["steps", "calls", "tokens", "seconds"],
)
async def test_a_used_up_budget_ends_the_run(
    turn: list[ModelEvent], limits: dict[str, int], turns: int
) -> None:
    model = Model(turn)

    with pytest.raises(BudgetExceeded):
        await play(assignment(model, budget=Budget(**limits)))

    assert len(model.prompts) == turns


async def test_closing_the_agent_closes_the_model() -> None:
    closed = []

    class Watched(Model):
        async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
            try:
                yield TextDelta("It ")
                yield TextDelta("goes on")
            finally:
                closed.append(True)

    agent = run_agent(assignment(Watched()))
    assert await anext(agent) == TextPiece("It ")
    await agent.aclose()

    assert closed == [True]


class Hesitating(Model):
    """Uses up its time, begins to answer, and then says nothing more."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self.budget = budget

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        self.budget.max_seconds = 0.0
        yield TextDelta("It ")
        await asyncio.Event().wait()


async def test_a_model_that_says_no_more_takes_too_long() -> None:
    budget = Budget()
    task = assignment(Hesitating(budget), budget=budget)

    with pytest.raises(TimeoutError):
        await play(task)

    assert task.said == "It "


async def test_the_time_in_which_the_reader_is_busy_is_not_the_models(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Stands still but for the reader, however slow this machine is.
    now = [0.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr("atlas.agent.budget.time", clock)
    model = Model(words("It ", "is "), [ToolCall("1", "count", {})], words("42."))
    model.turns[0] += model.turns.pop(1)
    events = []

    async for event in run_agent(assignment(model, budget=Budget(max_seconds=0.3, started=0.0))):
        events.append(event)
        # Longer than all that the model may take: neither here nor later does it time out.
        await asyncio.sleep(0.2)
        now[0] += 0.2

    assert shown(events) == "It is 42."
