"""Connections to datasources: made on first use, one deadline per query, cancelled on request."""

import asyncio
import logging
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from plugins_app.host import registry
from plugins_app.host.calling import breaker, calls
from plugins_app.host.errors import PluginUnavailable
from plugins_app.host.registry import Entry
from plugins_app.sdk import (
    AccountReport,
    Datasource,
    EntityDraft,
    PluginError,
    PolicyTable,
    QueryLimits,
    QueryResult,
    RowClaims,
    TableDescription,
    ValidationResult,
)

logger = logging.getLogger(__name__)

CREATE_DEADLINE_S = 15.0
CLOSE_DEADLINE_S = 5.0
CANCEL_DEADLINE_S = 2.0
INSPECT_DEADLINE_S = 30.0
VALIDATE_DEADLINE_S = 5.0
# The engine's own limit should strike first: its error says more than ours.
QUERY_GRACE_S = 1.0


@dataclass(frozen=True)
class DatasourceInfo:
    """What the rest of Atlas needs to know about a datasource."""

    id: str
    db_type: str
    sql_dialect: str
    language: str
    dialect_hint: str
    healthy: bool


@dataclass
class _Link:
    """The connection of one entry, and the lock of a connection that is not asynchronous."""

    connection: Any = None
    making: asyncio.Lock = field(default_factory=asyncio.Lock)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


_links: "weakref.WeakKeyDictionary[Entry, _Link]" = weakref.WeakKeyDictionary()


def list_datasources() -> list[DatasourceInfo]:
    """Return the usable datasources in registration order."""
    found = registry.current().enabled_of_type("datasource")
    return [_info(entry, _facet(entry)) for entry in found]


async def query(
    datasource_id: str,
    sql: str,
    *,
    timeout_ms: int,
    limits: QueryLimits,
    claims: RowClaims | None = None,
) -> QueryResult:
    """Run one statement that passed the guard; only `datasources.query` may call this.

    So may `datasources.reloading`, which says why. `timeout_ms` includes the wait for a connection
    that takes one statement at a time. Cancelling the caller stops the statement on the server.
    """
    entry = _usable(datasource_id)
    link = await _link(entry)
    told = {"limits": limits} if claims is None else {"limits": limits, "claims": claims}
    result = await _in_turn(entry, link, link.connection.query, sql, timeout_ms, **told)
    if not isinstance(result, QueryResult):
        message = _("The datasource returned something that is not a QueryResult. Tell its author.")
        raise AtlasError(message)
    return result


async def estimate(
    datasource_id: str, sql: str, *, timeout_ms: int, claims: RowClaims | None = None
) -> float | None:
    """Return what the engine expects the statement to cost, in its own units.

    None when the datasource cannot tell. Raises as a plugin's call does.
    """
    entry = _usable(datasource_id)
    link = await _link(entry)
    run = getattr(link.connection, "estimate", None)
    if not callable(run):
        return None
    told = {} if claims is None else {"claims": claims}
    cost = await _in_turn(entry, link, run, sql, timeout_ms, **told)
    is_number = isinstance(cost, int | float) and not isinstance(cost, bool)
    return float(cost) if is_number else None


async def _in_turn(
    entry: Entry, link: _Link, run: Callable[..., Any], sql: str, timeout_ms: int, **options: Any
) -> Any:
    """Call a method of the connection, when its turn has come if it takes one at a time."""
    if not calls.is_synchronous(run):
        return await _run(entry, run, sql, timeout_ms, options)
    left_ms = await _turn(link, timeout_ms)
    try:
        return await _run(entry, run, sql, left_ms, options)
    except (asyncio.CancelledError, AtlasError):
        await _cancel(entry, link)
        raise
    finally:
        link.turn.release()


async def _turn(link: _Link, timeout_ms: int) -> int:
    """Wait until the connection is free and take it; return the milliseconds that are left."""
    clock = asyncio.get_running_loop().time
    until = clock() + timeout_ms / 1000
    try:
        async with asyncio.timeout_at(until):
            await link.turn.acquire()
    except TimeoutError:
        message = _("The datasource is busy with other queries. Try again.")
        raise AtlasError(message, code="busy") from None
    return max(1, int((until - clock()) * 1000))


async def validate(datasource_id: str, text: str) -> ValidationResult:
    """Ask the datasource's own validator; no validator accepts, any failure of one refuses."""
    entry = _usable(datasource_id)
    validator = _facet(entry).validate
    if validator is None:
        return ValidationResult(True)
    try:
        result = await breaker.call(entry, validator, text, timeout_s=VALIDATE_DEADLINE_S)
    except AtlasError:
        return ValidationResult(False, _("The datasource's own check failed. Try again later."))
    if not _is_validation(result):
        return ValidationResult(False, _("The datasource's own check is misconfigured."))
    if result.valid:
        return result
    return ValidationResult(False, entry.scrub(str(result.reason)) or _("The query was refused."))


def _is_validation(result: object) -> TypeGuard[ValidationResult]:
    return (
        isinstance(result, ValidationResult)
        and isinstance(result.valid, bool)
        and isinstance(result.tables, tuple)
        and all(isinstance(name, str) for name in result.tables)
    )


async def entities(datasource_id: str) -> list[EntityDraft]:
    """Return the semantic entities that the datasource brings."""
    entry = _usable(datasource_id)
    given = _facet(entry).entities
    if callable(given):
        given = await calls.call(entry, given, timeout_s=INSPECT_DEADLINE_S)
    if not isinstance(given, Sequence) or any(not isinstance(one, EntityDraft) for one in given):
        message = _("The datasource's entities are not a list of EntityDraft. Tell its author.")
        raise AtlasError(message)
    return list(given)


async def inspect_account(datasource_id: str, listed: Sequence[str]) -> AccountReport | None:
    """Return what the login may do beyond reading the listed tables; None when not offered."""
    entry = _usable(datasource_id)
    inspect_rights = _facet(entry).inspect_account
    if inspect_rights is None:
        return None
    report = await calls.call(entry, inspect_rights, list(listed), timeout_s=INSPECT_DEADLINE_S)
    return report if isinstance(report, AccountReport) else None


async def inspect_tables(datasource_id: str) -> list[TableDescription] | None:
    """Describe the tables that the login may read; None when the plugin does not."""
    entry = _usable(datasource_id)
    inspect_own = _facet(entry).inspect_tables
    if inspect_own is None:
        return None
    found = await calls.call(entry, inspect_own, timeout_s=INSPECT_DEADLINE_S)
    return [one for one in found if isinstance(one, TableDescription)]


async def inspect_policies(datasource_id: str, tables: Sequence[str]) -> list[PolicyTable] | None:
    """Describe those of the tables that are there; None when its engine keeps no row policies."""
    entry = _usable(datasource_id)
    inspect_tables = _facet(entry).inspect_policies
    if inspect_tables is None:
        return None
    found = await calls.call(entry, inspect_tables, list(tables), timeout_s=INSPECT_DEADLINE_S)
    if not isinstance(found, Sequence) or not all(_is_described(one, tables) for one in found):
        message = _(
            "The datasource describes other tables than it is asked about. Tell its author."
        )
        raise AtlasError(message)
    return list(found)


def _is_described(one: object, tables: Sequence[str]) -> bool:
    return isinstance(one, PolicyTable) and one.name in tables


async def close(entry: Entry) -> None:
    """Close the connection of an entry, if there is one; never raises for the plugin."""
    link = _links.pop(entry, None)
    if link is None or link.connection is None:
        return
    try:
        await calls.call(entry, link.connection.close, timeout_s=CLOSE_DEADLINE_S)
    except AtlasError as error:
        logger.warning("Closing the connection of %s: %s", entry.id, error.user_message)


async def _run(
    entry: Entry, run: Callable[..., Any], sql: str, timeout_ms: int, options: dict[str, Any]
) -> Any:
    deadline = timeout_ms / 1000 + QUERY_GRACE_S
    return await breaker.call(entry, run, sql, timeout_ms, timeout_s=deadline, **options)


async def _cancel(entry: Entry, link: _Link) -> None:
    cancel = getattr(link.connection, "cancel", None)
    if not callable(cancel):
        return
    try:
        await asyncio.shield(calls.call(entry, cancel, timeout_s=CANCEL_DEADLINE_S))
    except AtlasError as error:
        logger.warning("Cancelling a query of %s: %s", entry.id, error.user_message)


async def _link(entry: Entry) -> _Link:
    link = _links.setdefault(entry, _Link())
    async with link.making:
        if link.connection is None:
            create = _facet(entry).create
            link.connection = await calls.call(entry, create, timeout_s=CREATE_DEADLINE_S)
            if not callable(getattr(link.connection, "query", None)):
                link.connection = None
                message = _("The datasource's create() returned no connection. Tell its author.")
                raise AtlasError(message)
            entry.on_replaced.append(lambda: _links.pop(entry, None))
    return link


def _usable(datasource_id: str) -> Entry:
    entry = registry.current().get(datasource_id)
    if not entry.usable or entry.plugin.datasource is None:
        reason = entry.reason or entry.thread.off_reason or _("it is disabled")
        raise PluginUnavailable(
            _("The datasource “%(name)s” is not available: %(reason)s.")
            % {"name": entry.plugin.label, "reason": reason.rstrip(".")}
        )
    return entry


def _facet(entry: Entry) -> Datasource:
    if entry.plugin.datasource is None:
        raise PluginError(f"{entry.id} is no datasource")
    return entry.plugin.datasource


def _info(entry: Entry, facet: Datasource) -> DatasourceInfo:
    dialect = facet.parser_dialect or facet.db_type
    hint = facet.dialect.strip()
    return DatasourceInfo(
        entry.id, facet.db_type, dialect.lower(), facet.language, hint, entry.healthy
    )
