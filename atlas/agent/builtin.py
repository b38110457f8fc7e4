"""The built-in analyst as a model: it answers with the same tool calls and text as any other."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.agent.messages import (
    ModelEvent,
    ModelSaid,
    Prompt,
    RecordsSaid,
    TextDelta,
    ToolCall,
    ToolSaid,
    UserSaid,
)
from atlas.agent.tools.proposing import ATTACH
from atlas.analyst.analyse import analyse, suggestions
from atlas.analyst.answers import Answer, Clarify, Outcome, Propose, Refuse, Situation
from atlas.analyst.result import Table
from atlas.analyst.tell import tell_table
from atlas.semantic.compile import compile_query
from atlas.semantic.query import Query


@dataclass
class BuiltinModel:
    """Plans once per question and then tells what its own calls found.

    A person reads along: the text arrives in an even flow, a word every `pace_s` seconds.
    """

    situation: Situation
    pace_s: float = 0.0
    name: str = "builtin"
    repeatable: bool = True

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        said = _since_question(prompt)
        last = prompt.messages[-1]
        if isinstance(last, RecordsSaid):
            async for piece in self._pieces(last.text):
                yield piece
            return
        outcome = await asyncio.to_thread(analyse, _question(prompt), self.situation)
        async for event in self._turn(outcome, said):
            yield event

    async def _turn(
        self, outcome: Outcome, said: Sequence[object]
    ) -> AsyncGenerator[ModelEvent, None]:
        results = [message for message in said if isinstance(message, ToolSaid)]
        query = outcome.query if isinstance(outcome, Answer) else None
        if isinstance(outcome, Propose):
            query = outcome.attach
        if query is not None and not results:
            yield ToolCall("call-1", "query_metrics", query.model_dump(mode="json"))
            return
        if isinstance(outcome, Answer):
            async for event in self._tell(outcome.query, results[0], len(results)):
                yield event
        elif isinstance(outcome, Propose):
            async for event in self._propose(outcome, results):
                yield event
        else:
            yield _talk(outcome)

    async def _tell(
        self, query: Query, result: ToolSaid, told: int
    ) -> AsyncGenerator[ModelEvent, None]:
        if told > 1:
            return
        async for piece in self._pieces(self._sentence(query, result)):
            yield piece
        if "error" not in json.loads(result.content):
            questions = list(suggestions(self.situation.layer, query))
            yield ToolCall("call-2", "suggest", {"questions": questions})

    def _sentence(self, query: Query, result: ToolSaid) -> str:
        data = json.loads(result.content)
        if "error" in data:
            return str(data["error"])
        today = self.situation.today
        compiled = compile_query(self.situation.layer, query, today=today)
        table = Table(data["columns"], data["rows"], data["row_count"], data["truncated"])
        return tell_table(query, compiled, table, today)

    async def _propose(
        self, outcome: Propose, results: list[ToolSaid]
    ) -> AsyncGenerator[ModelEvent, None]:
        arguments: dict[str, Any] = dict(outcome.arguments)
        filed = [result for result in results if result.name == outcome.action]
        if filed:
            async for piece in self._pieces(str(json.loads(filed[-1].content).get("error", ""))):
                yield piece
            return
        if outcome.attach is not None:
            text = self._sentence(outcome.attach, results[0])
            field = outcome.attach_as or "body"
            plain = text.replace("**", "")
            arguments[field] = "\n\n".join(part for part in (arguments.get(field), plain) if part)
            arguments[ATTACH] = True
            async for piece in self._pieces(text + "\n\n"):
                yield piece
        yield ToolCall("call-2", outcome.action, arguments)

    async def _pieces(self, text: str) -> AsyncGenerator[TextDelta, None]:
        words = text.split(" ")
        for place, word in enumerate(words):
            yield TextDelta(word if place == len(words) - 1 else word + " ")
            await asyncio.sleep(self.pace_s)


def _talk(outcome: Clarify | Refuse) -> ToolCall:
    if isinstance(outcome, Clarify):
        options = [{"label": item.label, "question": item.question} for item in outcome.options]
        return ToolCall("call-1", "ask_user", {"question": outcome.question, "options": options})
    details = {"message": outcome.message, "suggestions": list(outcome.suggestions)}
    return ToolCall("call-1", "decline", details)


def _question(prompt: Prompt) -> str:
    asked = [message.text for message in prompt.messages if isinstance(message, UserSaid)]
    return asked[-1]


def _since_question(prompt: Prompt) -> list[ModelSaid | ToolSaid]:
    """What was said after the last question or records."""
    said: list[ModelSaid | ToolSaid] = []
    for message in prompt.messages:
        if isinstance(message, UserSaid | RecordsSaid):
            said = []
        else:
            said.append(message)
    return said
