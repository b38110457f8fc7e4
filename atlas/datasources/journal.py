"""What the query path writes: audit entries before and after, and the result."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now

from atlas.accounts.principal import Principal
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.common.jsonable import JSON, jsonable
from atlas.datasources.cleared import Cleared
from atlas.datasources.columns import as_lists, described
from atlas.datasources.grants import Approved, consume
from atlas.datasources.models import StoredResult
from atlas.datasources.outcomes import NeedsApproval, QueryOutcome
from atlas.datasources.results import LINES_FROM, keep_lines
from atlas.datasources.row_policies import digest_of
from atlas.datasources.seeing import seen_by
from atlas.sql.types import Rejection
from plugins_app.sdk import QueryResult

KEPT_FOR = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to a datasource, as it came in."""

    principal: Principal
    datasource: str
    sql: str
    purpose: str
    governed: bool
    approved: Approved | None = None

    def facts(self) -> dict[str, object]:
        return {"sql": self.sql, "purpose": self.purpose, "governed": self.governed}


@dataclass(frozen=True, slots=True)
class Ended:
    """How an execution ended; `code` is empty when it went well."""

    outcome: str
    ms: int
    rows: int = 0
    truncated: bool = False
    code: str = ""
    sqlstate: str = ""

    def facts(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


def refuse(asked: Asked, rejection: Rejection) -> None:
    """Record that nothing was sent, and why."""
    _record(
        AuditEvent.QUERY_REFUSED,
        asked,
        {
            **asked.facts(),
            "code": rejection.code,
            "stage": rejection.stage,
            "reason": rejection.message,
            "offending": rejection.offending,
        },
    )


def hold(asked: Asked, needed: NeedsApproval) -> None:
    """Record that nothing was sent because somebody has to approve it first."""
    body = {**asked.facts(), "sql_sent": needed.final_sql, "policies": needed.policies}
    _record(AuditEvent.QUERY_HELD, asked, body)


def begin(asked: Asked, cleared: Cleared) -> int | None:
    """Record the intent and return its number, or None when the person may not ask any more.

    The right is read in the transaction of the record, so that a role withdrawn since the
    question was accepted counts, and an approval is used up there. Of claims only a keyed hash
    is recorded. Raises `GrantGone`.
    """
    validated, filters = cleared.query, cleared.filters
    with transaction.atomic():
        if not asked.principal.may_still_ask():
            return None
        body: dict[str, object] = {
            **asked.facts(),
            "sql_sent": validated.sql,
            "dialect": validated.dialect,
            "tables": validated.tables,
            "columns": validated.columns,
            "fingerprint": validated.fingerprint,
            "policies": filters.policies,
            "claims": digest_of(filters.claims),
            "native": sorted(cleared.claims.tables) if cleared.claims else [],
            "masks": [shown.kind for shown in cleared.masks.columns],
        }
        if asked.approved is None:
            return _record(AuditEvent.QUERY_STARTED, asked, body)
        body["request"] = asked.approved.request_id
        intent = _record(AuditEvent.QUERY_STARTED, asked, body)
        consume(
            asked.approved,
            person_id=asked.principal.user_id,
            datasource=asked.datasource,
            sql=validated.sql,
            intent=intent,
        )
        return intent


def end(asked: Asked, intent: int, ended: Ended) -> None:
    """Record how the query of `intent` ended."""
    _record(AuditEvent.QUERY_ENDED, asked, {"intent": intent, **ended.facts()})


def keep(
    asked: Asked, intent: int, cleared: Cleared, result: QueryResult, *, max_rows: int, ms: int
) -> QueryOutcome:
    """Store the first `max_rows` rows and record the outcome, in one transaction."""
    fetched = as_lists(result.columns, result.rows)
    truncated = result.truncated or len(fetched) > max_rows
    fetched = fetched[:max_rows]
    details = described(result.columns, fetched)
    rows: list[list[JSON]] = [[jsonable(value) for value in row] for row in fetched]
    with transaction.atomic():
        stored = StoredResult.objects.create(
            conversation_id=asked.principal.conversation_id,
            datasource=asked.datasource,
            sql=cleared.query.sql,
            seen=seen_by(asked.principal.role.value, cleared),
            columns=details,
            rows=rows,
            row_count=len(rows),
            truncated=truncated,
            expires_at=Now() + KEPT_FOR,
        )
        if len(rows) >= LINES_FROM:
            keep_lines(stored.pk, rows)
        end(asked, intent, Ended("ok", ms, len(rows), truncated))
    columns, sql = list(result.columns), cleared.query.sql
    return QueryOutcome(stored.id, columns, rows, len(rows), truncated, ms, sql)


def _record(event: AuditEvent, asked: Asked, body: dict[str, object]) -> int:
    entry = record(
        event,
        actor=asked.principal,
        conversation_id=asked.principal.conversation_id,
        subject=asked.datasource,
        body=body,
    )
    return entry.pk
