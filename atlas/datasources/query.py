"""The only way to ask a datasource: checked, recorded before and after, bounded, kept."""

import asyncio
import logging
import time

from django.db import Error
from django.utils.translation import gettext as _

from atlas.accounts.principal import Principal
from atlas.common.completion import completed
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.datasources import journal, native
from atlas.datasources.checking import check
from atlas.datasources.cleared import Cleared
from atlas.datasources.columns import as_lists
from atlas.datasources.engine_errors import engine_failure, located, sqlstate, unexplained
from atlas.datasources.grants import Approved
from atlas.datasources.holding import approval_needed
from atlas.datasources.journal import Asked, Ended
from atlas.datasources.limits import limits
from atlas.datasources.masking import masked
from atlas.datasources.outcomes import EngineFailed, NeedsApproval, QueryOutcome, Refused
from atlas.datasources.slots import slot
from atlas.semantic.layer import SemanticLayer
from atlas.sql import Rejection
from plugins_app.host import ports
from plugins_app.host.errors import PluginFailed
from plugins_app.host.facets import connections, hooks
from plugins_app.sdk import AfterQuery, QueryLimits, QueryResult

__all__ = [
    "EngineFailed",
    "NeedsApproval",
    "QueryOutcome",
    "Refused",
    "run_approved",
    "run_query",
]

logger = logging.getLogger(__name__)


async def run_query(
    principal: Principal,
    datasource_id: str,
    sql: str,
    *,
    layer: SemanticLayer,
    purpose: str = "agent",
    governed: bool = False,
) -> QueryOutcome | Refused | EngineFailed | NeedsApproval:
    """Run one read-only query for `principal` and keep its rows for seven days.

    Only text rendered from a checked tree is sent, and only after its intent is committed to the
    audit log: what cannot be recorded is not run. Cancelling the caller stops the statement on
    the server and records the outcome "cancelled". Never raises for what the query says or the
    engine does.
    """
    return await _run(Asked(principal, datasource_id, sql, purpose, governed), layer)


async def run_approved(
    principal: Principal, datasource_id: str, sql: str, *, layer: SemanticLayer, request_id: int
) -> QueryOutcome | Refused | EngineFailed:
    """Run a sensitive query that somebody approved, once, as the person who asked for it.

    `sql` is the text that was held; every gate stands here too, and what is sent must be what was
    approved. An approval that was used, has expired, or was given for another
    text, under other policies or other definitions gives `EngineFailed` with the code
    "approval_gone", and nothing is sent. `principal` is the person who asked.
    """
    approved = Approved(request_id, layer.digest)
    asked = Asked(principal, datasource_id, sql, "approved", governed=False, approved=approved)
    outcome = await _run(asked, layer)
    if isinstance(outcome, NeedsApproval):
        raise TypeError("an approved query was held again")
    return outcome


async def _run(
    asked: Asked, layer: SemanticLayer
) -> QueryOutcome | Refused | EngineFailed | NeedsApproval:
    with ports.acting_for(asked.principal):
        return await _recorded(asked, layer)


async def _recorded(
    asked: Asked, layer: SemanticLayer
) -> QueryOutcome | Refused | EngineFailed | NeedsApproval:
    try:
        checked = await check(asked, layer)
        if isinstance(checked, Rejection):
            await in_db(journal.refuse, asked, checked)
            return Refused(checked)
        async with slot(asked.principal.user_id, asked.datasource):
            needed = None if asked.approved else await approval_needed(asked, checked)
            if needed is not None:
                await in_db(journal.hold, asked, needed)
                return needed
            return await _execute(asked, checked)
    except Error:
        logger.exception("Query on %s: it could not be recorded", asked.datasource)
        message = _("The query could not be recorded, so it gives no result. Try again.")
        return EngineFailed("not_recorded", message, retryable=True)
    except AtlasError as error:
        return engine_failure(error)


async def _execute(asked: Asked, cleared: Cleared) -> QueryOutcome | Refused | EngineFailed:
    intent, caller_left = await completed(in_db(journal.begin, asked, cleared))
    if intent is None:
        message = _("Your rights changed meanwhile, so nothing was sent. Ask again.")
        rejection = Rejection("not_allowed", "rights", message)
        await in_db(journal.refuse, asked, rejection)
        return Refused(rejection)
    started = time.perf_counter()
    try:
        if caller_left:
            raise asyncio.CancelledError
        result = await _ask(asked.datasource, cleared)
    except AtlasError as error:
        return await _record_failure(asked, intent, error, cleared, _ms(started))
    except asyncio.CancelledError:
        await completed(in_db(journal.end, asked, intent, Ended("cancelled", _ms(started))))
        raise
    result = masked(result, cleared.masks)
    return await _keep(asked, intent, cleared, result, _ms(started))


async def _ask(datasource_id: str, cleared: Cleared) -> QueryResult:
    bounds = limits()
    try:
        return await connections.query(
            datasource_id,
            cleared.sql,
            timeout_ms=bounds.timeout_ms,
            limits=QueryLimits(bounds.max_rows, bounds.max_bytes),
            claims=cleared.claims,
        )
    except AtlasError as error:
        raise native.changed(datasource_id, error) from None


async def _keep(
    asked: Asked, intent: int, cleared: Cleared, result: QueryResult, ms: int
) -> QueryOutcome:
    writing = in_db(journal.keep, asked, intent, cleared, result, max_rows=limits().max_rows, ms=ms)
    outcome, caller_left = await completed(writing)
    if hooks.is_watched("after_query"):
        hooks.after_query(_observed(asked, outcome, result))
    if caller_left:
        raise asyncio.CancelledError
    return outcome


async def _record_failure(
    asked: Asked, intent: int, error: AtlasError, cleared: Cleared, ms: int
) -> EngineFailed:
    cause = error.error if isinstance(error, PluginFailed) else error
    state, failed = sqlstate(cause), engine_failure(error)
    # Engines quote the text they were sent, and with it the values of row policies.
    logger.warning(
        "Query %s on %s failed: %s, SQLSTATE %s", intent, asked.datasource, failed.code, state
    )
    failure = failed if cleared.masks.is_empty else unexplained()
    if cleared.sql == cleared.query.sql and cleared.masks.is_empty:
        # A place in a text that nobody is shown would mislead.
        failure = located(failure, error, cleared.sql)
    ended = Ended("failed", ms, code=failure.code, sqlstate=state)
    await in_db(journal.end, asked, intent, ended)
    return failure


def _observed(asked: Asked, outcome: QueryOutcome, result: QueryResult) -> AfterQuery:
    conversation = asked.principal.conversation_id
    return AfterQuery(
        outcome.sql,
        columns=tuple(outcome.columns),
        rows=as_lists(result.columns, result.rows)[: outcome.row_count],
        duration_ms=outcome.ms,
        connection_id=asked.datasource,
        user_id=asked.principal.told_id,
        conversation_id="" if conversation is None else str(conversation),
    )


def _ms(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
