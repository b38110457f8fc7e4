"""The tools that an assistant is offered, each by the rights of the person it speaks for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from plugins_app.reference.mcp import definitions
from plugins_app.reference.mcp.config import Config, Desk
from plugins_app.sdk import AnswerTable, PluginError

Arguments = TypeVar("Arguments", bound=BaseModel)
UNFINISHED = frozenset({"queued", "running"})


class Given(BaseModel):
    """Arguments as an assistant sends them; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Question(Given):
    """A question in plain words."""

    question: str = Field(min_length=1, max_length=10_000, description="In plain words")
    conversation_id: str = Field(
        default="", max_length=64, description="To go on in, from an earlier answer"
    )


class Statement(Given):
    """One SELECT."""

    sql: str = Field(min_length=1, max_length=100_000, description="One read-only SELECT")
    datasource: str = Field(default="", max_length=80, description="Empty for the usual one")


class Command(Given):
    """One shell command."""

    command: str = Field(min_length=1, max_length=2_000, description="Such as: grep -ri revenue .")


class Needle(Given):
    """Words to look for."""

    term: str = Field(default="", max_length=200, description="Empty for all")


class EntityName(Given):
    """One entity."""

    name: str = Field(min_length=1, max_length=63, description="As list_entities gives it")


class Nothing(Given):
    """No arguments."""


class Decision(Given):
    """What was decided about exactly one request."""

    request_id: int = Field(ge=1)
    payload_hash: str = Field(min_length=64, max_length=64, description="From pending_approvals")
    decision: Literal["approve", "reject"]
    reason: str = Field(default="", max_length=2_000, description="Needed to reject")


@dataclass(frozen=True)
class Offer(Generic[Arguments]):
    """One tool; `run` raises `PluginError` with the sentence that the person would read."""

    name: str
    description: str
    arguments: type[Arguments]
    run: Callable[[Arguments, Desk], Awaitable[dict[str, Any]]]
    changes_something: bool = False


async def ask(given: Question, desk: Desk) -> dict[str, Any]:
    """Ask as the person and give the answer with what stands behind it."""
    answer = await desk.ctx.ask(
        given.question,
        desk.as_user,
        conversation_id=given.conversation_id,
        timeout_s=desk.config.answer_timeout_s,
    )
    told: dict[str, Any] = {
        "answer": answer.text,
        "status": answer.status,
        "conversation_id": answer.conversation_id,
        "results": [_result(table, desk.config.max_rows) for table in answer.tables],
    }
    if answer.requests:
        told["requests_waiting_for_approval"] = list(answer.requests)
    if answer.status in UNFINISHED:
        told["note"] = "The answer goes on in Atlas, in the person's conversations."
    return told


async def execute_sql(given: Statement, desk: Desk) -> dict[str, Any]:
    """Run one query as the person."""
    result = await desk.ctx.query(given.sql, desk.as_user, datasource=given.datasource)
    rows = [list(row.values()) if isinstance(row, dict) else list(row) for row in result.rows]
    most = desk.config.max_rows
    return {
        "columns": list(result.columns),
        "rows": rows[:most],
        "truncated": result.truncated or len(rows) > most,
    }


async def explore(given: Command, desk: Desk) -> dict[str, Any]:
    """Run one command over the files of the semantic layer."""
    found = await desk.ctx.explore(given.command, desk.as_user)
    return {"stdout": found.stdout, "stderr": found.stderr, "exit_code": found.exit_code}


async def list_entities(given: Needle, desk: Desk) -> dict[str, Any]:
    """List entities and metrics."""
    return definitions.catalog(await desk.ctx.semantic_layer(desk.as_user), given.term)


async def describe_entity(given: EntityName, desk: Desk) -> dict[str, Any]:
    """Give one entity whole."""
    return definitions.entity(await desk.ctx.semantic_layer(desk.as_user), given.name)


async def search_glossary(given: Needle, desk: Desk) -> dict[str, Any]:
    """Give the terms that mention something."""
    return definitions.glossary(await desk.ctx.semantic_layer(desk.as_user), given.term)


async def pending_approvals(given: Nothing, desk: Desk) -> dict[str, Any]:
    """Give what the person may decide, with every argument."""
    waiting = [
        {
            "request_id": one.request_id,
            "action": one.action,
            "requester": one.requester_name,
            "arguments": dict(one.arguments),
            "payload_hash": one.payload_hash,
        }
        for one in await desk.ctx.pending(_name_of(desk))
    ]
    return {"waiting": waiting}


async def decide(given: Decision, desk: Desk) -> dict[str, Any]:
    """Decide as the person, where the operator lets assistants hand decisions on."""
    if not desk.config.allow_decisions:
        raise PluginError("Decisions are made in Atlas. This connection may not hand them on.")
    status = await desk.ctx.decide(
        given.request_id, given.payload_hash, given.decision, desk.as_user, given.reason
    )
    return {"request_id": given.request_id, "status": status}


def offers(config: Config) -> tuple[Offer[Any], ...]:
    """The tools of an installation; deciding is among them only where the operator says so."""
    return (*READING, DECIDING) if config.allow_decisions else READING


def _result(table: AnswerTable, most: int) -> dict[str, Any]:
    return {
        "sql": table.sql,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows[:most]],
        "row_count": table.row_count,
        "truncated": table.truncated or table.row_count > min(most, len(table.rows)),
    }


def _name_of(desk: Desk) -> str:
    # Without a name `pending` would tell in outline what waits for everybody.
    if not desk.as_user:
        raise PluginError("Nobody is named to speak for.")
    return desk.as_user


READING: tuple[Offer[Any], ...] = (
    Offer(
        "ask",
        "Ask the data analyst a question in plain words. Gives the answer with its SQL and rows. "
        "What it proposes to do waits for a person's approval in Atlas.",
        Question,
        ask,
    ),
    Offer(
        "execute_sql",
        "Run one read-only SELECT on the described tables. Every rule of Atlas applies to it.",
        Statement,
        execute_sql,
    ),
    Offer(
        "explore",
        "Read the files of the semantic layer with ls, cat, grep, find, head and pipes.",
        Command,
        explore,
    ),
    Offer("list_entities", "List the described tables and the metrics.", Needle, list_entities),
    Offer(
        "describe_entity",
        "Give the columns, measures and joins of one described table.",
        EntityName,
        describe_entity,
    ),
    Offer("search_glossary", "Say what words of the business mean here.", Needle, search_glossary),
    Offer(
        "pending_approvals",
        "List the requests that wait for this person's decision. It decides nothing.",
        Nothing,
        pending_approvals,
    ),
)
DECIDING: Offer[Any] = Offer(
    "decide",
    "Hand on the decision that the person has just made about one request. Never decide yourself.",
    Decision,
    decide,
    changes_something=True,
)
