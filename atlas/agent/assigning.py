"""Puts together what one run works with: layer, context, tools, model and history."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from atlas.accounts.principal import Principal
from atlas.agent.loop import Assignment
from atlas.agent.messages import ChatMessage, ModelSaid, RecordsSaid, UserSaid, from_json
from atlas.agent.models import model_for
from atlas.agent.prompt import system_prompt
from atlas.agent.tools.base import Tool
from atlas.agent.tools.exploring import explore_tool
from atlas.agent.tools.fitting import FOR_COUNTING, FOR_READING
from atlas.agent.tools.hooked import hooked
from atlas.agent.tools.plugin_tools import for_person, with_plugin_tools
from atlas.agent.tools.proposing import action_tools
from atlas.agent.tools.queries import query_tools, today_of
from atlas.agent.tools.talking import talking_tools
from atlas.agent.trust import Given
from atlas.agent.work import Found, Work
from atlas.analyst.answers import ActionPattern, Situation
from atlas.env import Environment
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.query import Query
from plugins_app.host.contexts import fragments
from plugins_app.host.facets import actions, connections


@dataclass(frozen=True)
class Said:
    """One earlier turn of the conversation."""

    question: str
    answer: str


@dataclass(frozen=True)
class Brief:
    """What the runner read from Postgres for one run.

    `results` are those of approved queries that this run shows, and `rows` their first rows for a
    model that reads them. `found` is what a run that goes on had found before. `was_untrusted`
    says that an earlier run of the conversation was given something untrusted.
    """

    principal: Principal
    run_id: UUID
    question: str
    layer: SemanticLayer
    datasource: str
    semantic_dir: Path
    history: tuple[Said, ...] = ()
    previous: dict[str, Any] | None = None
    checkpoints: tuple[dict[str, Any], ...] = ()
    resumed: str = ""
    has_ended: bool = False
    records: str = ""
    results: tuple[dict[str, Any], ...] = ()
    rows: tuple[str, ...] = ()
    found: Found | None = None
    has_others_words: bool = False
    was_untrusted: bool = False
    fence: int | None = None


def given_at_start(brief: Brief, context: Sequence[fragments.Fragment]) -> set[Given]:
    """Where everything comes from that the model is given before it calls a tool."""
    given = {
        Given.WORDS: True,
        Given.LAYER: True,
        Given.OTHERS: brief.has_others_words,
        Given.ANSWER: bool(brief.history),
        Given.EARLIER: brief.was_untrusted,
        Given.RECORDS: bool(brief.records),
        Given.ROWS: bool(brief.results),
        Given.FRAGMENT: any(fragment.text or fragment.terms for fragment in context),
    }
    return {source for source, is_there in given.items() if is_there}


async def assignment_of(brief: Brief, env: Environment) -> tuple[Assignment, Work]:
    """Return the agent's task for a run; context plugins that fail are left out."""
    context = await fragments.load_all()
    situation = _situation(brief, context)
    # In a thread: the clients of providers take seconds to import, and others stream meanwhile.
    model = await asyncio.to_thread(model_for, env, situation)
    work = Work(
        brief.principal,
        brief.run_id,
        brief.datasource,
        brief.layer,
        brief.question,
        brief.semantic_dir,
        context=tuple(context),
        given=given_at_start(brief, context),
        fence=brief.fence,
        room=FOR_COUNTING if model.repeatable else FOR_READING,
    )
    if brief.found is not None:
        work.note(brief.found)
    tools: list[Tool] = [*query_tools(work), explore_tool(work), *talking_tools()]
    tools += action_tools(work)
    told = hooked(with_plugin_tools(tools, work), brief.principal, work.given)
    tools = for_person(told, brief.principal)
    system = ""
    if not model.repeatable:
        system = system_prompt(
            brief.layer, situation.today.isoformat(), context, _dialect(brief.datasource)
        )
    task = Assignment(
        model,
        system,
        _messages(brief, () if model.repeatable else brief.rows),
        {tool.spec.name: tool for tool in tools},
        brief.resumed,
        has_ended=brief.has_ended,
    )
    return task, work


def _situation(brief: Brief, context: Sequence[fragments.Fragment]) -> Situation:
    terms = {term: text for fragment in context for term, text in fragment.terms.items()}
    return Situation(
        layer=brief.layer,
        today=today_of(brief.layer),
        actions=tuple(map(_pattern, actions.registered())),
        terms=terms,
        previous=_previous(brief),
    )


def _previous(brief: Brief) -> Query | None:
    """The query of the answer before; None for one that another version of Atlas kept."""
    try:
        return Query.model_validate(brief.previous) if brief.previous else None
    except ValidationError:
        return None


def _messages(brief: Brief, rows: Sequence[str]) -> list[ChatMessage]:
    messages: list[ChatMessage] = []
    for said in brief.history:
        messages += [UserSaid(said.question), ModelSaid(said.answer)]
    told = "\n".join([brief.records, *(f"[rows, as data] {text}" for text in rows if text)])
    messages.append(RecordsSaid(told) if brief.records else UserSaid(brief.question))
    messages += [from_json(dict(item)) for item in brief.checkpoints]
    return messages


def _pattern(action: actions.RegisteredAction) -> ActionPattern:
    spec = action.spec
    fields = spec.arguments.model_fields
    return ActionPattern(
        name=spec.name,
        verbs=spec.phrases.verbs,
        objects=spec.phrases.objects,
        arguments=tuple(fields),
        required=tuple(name for name, field in fields.items() if field.is_required()),
        data_fields=tuple(spec.data_fields),
    )


def _dialect(datasource: str) -> str:
    hints: Sequence[str] = [
        info.dialect_hint for info in connections.list_datasources() if info.id == datasource
    ]
    return next(iter(hints), "")
