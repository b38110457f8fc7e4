"""The agent: model turns and tool calls until an answer stands. It stores and sends nothing."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from atlas.agent.budget import Budget
from atlas.agent.events import AgentEvent, Checkpoint, Fact, TextPiece
from atlas.agent.messages import (
    ChatMessage,
    Model,
    ModelEvent,
    ModelSaid,
    Prompt,
    TextDelta,
    ToolCall,
    ToolSaid,
    Turn,
    Usage,
    to_json,
)
from atlas.agent.tools.base import Tool, ToolOutcome
from atlas.conversations.enums import EventKind


@dataclass
class Assignment:
    """What a run is to answer: the prompt so far, its tools, and where it may go on from.

    `resumed` is the text after the last checkpoint that readers were shown already: a repeatable
    model writes it again and it is held back, another is asked to go on after it. A turn that
    `has_ended` before its run was killed is not played again.
    """

    model: Model
    system: str
    messages: list[ChatMessage]
    tools: Mapping[str, Tool]
    resumed: str = ""
    said: str = ""
    has_ended: bool = False
    budget: Budget = field(default_factory=Budget)


async def run_agent(task: Assignment) -> AsyncGenerator[AgentEvent, None]:
    """Yield what happens until the turn ends.

    Raises `ModelFailed` or `BudgetExceeded`; cancelling closes the model call and the tool that
    is running.
    """
    while not task.has_ended:
        task.budget.take_step()
        turn = Turn()
        async with aclosing(_model_turn(task, turn)) as pieces:
            async for piece in pieces:
                with task.budget.paused():
                    yield piece
        task.resumed = ""
        said = ModelSaid(turn.text, tuple(turn.calls))
        task.messages.append(said)
        if not turn.calls:
            return
        ends = False
        facts: list[Fact] = []
        results: list[ToolSaid] = []
        for call in turn.calls:
            task.budget.take_call()
            with task.budget.paused():
                yield _step(call, "started", task)
            started = time.perf_counter()
            outcome = await _run_tool(task, call)
            ms = round((time.perf_counter() - started) * 1000)
            with task.budget.paused():
                yield _step(call, "failed" if outcome.failed else "done", task, ms)
            facts.extend(outcome.facts)
            results.append(ToolSaid(call.id, call.name, outcome.content))
            ends = ends or outcome.ends_turn
        task.messages.extend(results)
        task.has_ended = ends
        with task.budget.paused():
            yield Checkpoint(tuple(facts), [to_json(said), *map(to_json, results)], ends)


async def _model_turn(task: Assignment, turn: Turn) -> AsyncGenerator[TextPiece, None]:
    resumed = task.resumed
    held_back = resumed if task.model.repeatable else ""
    prompt = Prompt(
        task.system,
        tuple(task.messages),
        tuple(tool.spec for tool in task.tools.values()),
        "" if task.model.repeatable else resumed,
    )
    turn.text = "" if task.model.repeatable else resumed
    async with aclosing(task.model.stream(prompt)) as events:
        while (event := await _next(events, task.budget)) is not None:
            if isinstance(event, TextDelta):
                turn.text += event.text
                shown, held_back = _without(held_back, event.text)
                if shown:
                    task.said += shown
                    yield TextPiece(shown)
            elif isinstance(event, ToolCall):
                turn.calls.append(event)
            elif isinstance(event, Usage):
                task.budget.tokens += event.input_tokens + event.output_tokens


async def _next(events: AsyncGenerator[ModelEvent, None], budget: Budget) -> ModelEvent | None:
    # Around each event: a timeout around a `yield` would strike whatever the reader waits for.
    async with asyncio.timeout(budget.seconds_left):
        return await anext(events, None)


def _without(held_back: str, text: str) -> tuple[str, str]:
    """Split off from `text` what readers have: (what is new, what is still held back)."""
    if not held_back:
        return text, ""
    if held_back.startswith(text):
        return "", held_back[len(text) :]
    if text.startswith(held_back):
        return text[len(held_back) :], ""
    return text, ""


async def _run_tool(task: Assignment, call: ToolCall) -> ToolOutcome:
    tool = task.tools.get(call.name)
    if tool is None:
        return ToolOutcome.refusal(_("There is no tool named %(name)s.") % {"name": call.name})
    return await tool.run(call)


def _step(call: ToolCall, state: str, task: Assignment, ms: int | None = None) -> Fact:
    tool = task.tools.get(call.name)
    label = str(tool.label) if tool else call.name
    payload = {"id": call.id, "name": call.name, "label": label, "state": state, "ms": ms}
    return Fact(EventKind.STEP, dict(payload))
