"""The tools that ask the datasource: governed metrics, and SQL of the model's own."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from atlas.agent.events import Fact
from atlas.agent.messages import ToolCall, ToolSpec
from atlas.agent.tools.base import MAX_FITTED_CHARACTERS, Tool, ToolOutcome, schema_of
from atlas.agent.tools.fitting import rows_that_fit
from atlas.agent.tools.proposing import file_query
from atlas.agent.trust import Given
from atlas.agent.work import Found, Work
from atlas.common.db import in_db
from atlas.conversations.enums import EventKind
from atlas.datasources.query import (
    EngineFailed,
    NeedsApproval,
    QueryOutcome,
    Refused,
    run_query,
)
from atlas.datasources.results import describe_columns
from atlas.datasources.spelling import spelled
from atlas.semantic.compile import compile_query
from atlas.semantic.compiled import Compiled, CompileError
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.query import Query


class SqlArguments(BaseModel):
    """One SELECT and what it is for."""

    model_config = ConfigDict(extra="forbid")

    sql: str = Field(description="One SELECT statement in the dialect of the datasource")
    title: str = Field("", description="What the result shows, in a few words")


def query_tools(work: Work) -> list[Tool]:
    """Return the tools for a run."""

    async def query_metrics(call: ToolCall) -> ToolOutcome:
        return await _query_metrics(work, call)

    async def execute_sql(call: ToolCall) -> ToolOutcome:
        return await _execute_sql(work, call)

    return [
        Tool(
            ToolSpec(
                "query_metrics",
                "Ask for defined measures and metrics by dimensions, filters and time. Prefer this "
                "to SQL: the definitions are the team's own.",
                schema_of(Query),
            ),
            _("Running query"),
            query_metrics,
        ),
        Tool(
            ToolSpec(
                "execute_sql",
                "Run one read-only SELECT on the listed tables when query_metrics cannot express "
                "the question. Refusals say what to change; repair at most twice. A sensitive "
                "query files a request instead; its rows come when it was approved.",
                schema_of(SqlArguments),
            ),
            _("Running query"),
            execute_sql,
        ),
    ]


async def _query_metrics(work: Work, call: ToolCall) -> ToolOutcome:
    try:
        query = Query.model_validate(call.arguments)
        compiled = compile_query(work.layer, query, today=today_of(work.layer))
    except ValidationError as error:
        return ToolOutcome.misfit(error)
    except CompileError as error:
        return ToolOutcome.refusal(error.message, code=error.code, options=error.options)
    sql = spelled(compiled.sql, work.datasource, work.layer)
    answer = await run_query(work.principal, work.datasource, sql, layer=work.layer, governed=True)
    described = _governed(query, compiled)
    if isinstance(answer, NeedsApproval):
        return await file_query(work, answer, described)
    if isinstance(answer, QueryOutcome):
        # The stored rows are paged and exported later, when the compiled query is gone.
        await in_db(describe_columns, answer.result_id, described["columns"])
        return _answered(work, answer, described)
    return _not_answered(work, answer)


async def _execute_sql(work: Work, call: ToolCall) -> ToolOutcome:
    try:
        asked = SqlArguments.model_validate(call.arguments)
    except ValidationError as error:
        return ToolOutcome.misfit(error)
    answer = await run_query(work.principal, work.datasource, asked.sql, layer=work.layer)
    if isinstance(answer, NeedsApproval):
        return await file_query(work, answer, _ad_hoc(asked, []))
    if isinstance(answer, QueryOutcome):
        return _answered(work, answer, _ad_hoc(asked, answer.columns))
    return _not_answered(work, answer)


def today_of(layer: SemanticLayer) -> dt.date:
    """The day that relative periods count from: the last day that the data reaches."""
    return layer.as_of or dt.datetime.now(tz=dt.UTC).date()


def _answered(work: Work, answer: QueryOutcome, described: dict[str, Any]) -> ToolOutcome:
    work.given.add(Given.ROWS)
    rows = tuple(map(tuple, answer.rows))
    work.note(Found(described["title"], answer.sql, tuple(answer.columns), rows))
    payload = {
        **described,
        "result_id": str(answer.result_id),
        "sql": answer.sql,
        "row_count": answer.row_count,
        "truncated": answer.truncated,
        "ms": answer.ms,
        "datasource": work.datasource,
    }
    told = {
        "result_id": str(answer.result_id),
        "columns": answer.columns,
        "rows": rows_that_fit(answer.rows, work.room),
        "row_count": answer.row_count,
        "truncated": answer.truncated,
    }
    return ToolOutcome.of(told, Fact(EventKind.RESULT, payload), limit=MAX_FITTED_CHARACTERS)


def _governed(query: Query, compiled: Compiled) -> dict[str, Any]:
    return {
        "title": compiled.reading,
        "columns": [asdict(column) for column in compiled.columns],
        "governed": True,
        "reading": compiled.reading,
        "definitions": [asdict(definition) for definition in compiled.definitions],
        "assumptions": [item.model_dump(mode="json") for item in compiled.assumptions],
        "chart": asdict(compiled.chart) if compiled.chart else None,
        "currency": compiled.currency,
        "query": query.model_dump(mode="json"),
    }


def _ad_hoc(asked: SqlArguments, columns: list[str]) -> dict[str, Any]:
    return {
        "title": asked.title,
        "columns": [
            {"name": name, "label": name.replace("_", " "), "format": None, "role": "dimension"}
            for name in columns
        ],
        "governed": False,
        "reading": asked.title,
        "definitions": [],
        "assumptions": [],
        "chart": None,
    }


def _not_answered(work: Work, answer: Refused | EngineFailed) -> ToolOutcome:
    if isinstance(answer, Refused):
        rejection = answer.rejection
        work.note_refusal(rejection.code)
        return ToolOutcome.refusal(
            rejection.message,
            code=rejection.code,
            offending=rejection.offending,
            suggestion=rejection.suggestion,
        )
    # For whoever wrote the SQL; people read only the message.
    place = f"line {answer.line}, column {answer.column} of the SQL that was sent"
    details = {"place": place} if answer.line else {}
    return ToolOutcome.refusal(
        answer.message, code=answer.code, retryable=answer.retryable, **details
    )
