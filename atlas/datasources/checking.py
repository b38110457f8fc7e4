"""Decides whether a query may be sent, and in which words: rights, guard, hooks, guard again."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.utils.translation import gettext as _

from atlas.datasources.cleared import Cleared
from atlas.datasources.foreign import check_foreign
from atlas.datasources.journal import Asked
from atlas.datasources.limits import limits
from atlas.datasources.masking import masked_in_another_language, masks_of
from atlas.datasources.native import split
from atlas.datasources.row_policies import covers_names, filters_of
from atlas.semantic.layer import SemanticLayer
from atlas.sql import Options, Rejection, ValidatedQuery, validate
from atlas.sql.policies.restricting import restrict
from plugins_app.host import registry
from plugins_app.host.errors import HookRejected
from plugins_app.host.facets import connections, hooks
from plugins_app.host.facets.connections import DatasourceInfo
from plugins_app.sdk import BeforeQuery

# Below this the guard takes less than handing the work to a thread would be worth.
INLINE_CHARACTERS = 2_000

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


async def check(asked: Asked, layer: SemanticLayer) -> Cleared | Rejection:
    """Return the query that may be sent, or why none may.

    Hooks see what passed the guard. What they change goes through the guard again, whole; row
    policies come after them. For a source of another language its plugin's validator is the guard.
    """
    source = source_of(asked)
    if isinstance(source, Rejection):
        return source
    validated = await guard(asked.sql, source, layer)
    if isinstance(validated, Rejection):
        return validated
    try:
        rewritten = await hooks.before_query(_event(asked, validated.sql))
    except HookRejected as rejected:
        return Rejection(rejected.code, "before_query", rejected.user_message)
    if rewritten != validated.sql:
        validated = await guard(rewritten, source, layer)
    if isinstance(validated, Rejection):
        return validated
    cleared = await limited_to(asked, source, validated, layer)
    return await own_wall(source, cleared)


def source_of(asked: Asked) -> DatasourceInfo | Rejection:
    """The datasource that is asked, or why this person may not ask it."""
    if not asked.principal.may_query(asked.datasource):
        message = _("Your role lets you read conversations, not ask. An admin can change it.")
        return Rejection("not_allowed", "rights", message)
    known = {source.id: source for source in connections.list_datasources()}
    source = known.get(asked.datasource)
    if source is None:
        message = _("There is no datasource of this name, or it is switched off.")
        return Rejection("unknown_datasource", "datasource", message, asked.datasource)
    return source


async def guard(
    sql: str, source: DatasourceInfo, layer: SemanticLayer
) -> ValidatedQuery | Rejection:
    """Check a text against the layer, in the datasource's own language."""
    if source.language != "sql":
        return await check_foreign(sql, source, layer)
    facet = registry.current().get(source.id).plugin.datasource
    patterns = tuple(facet.forbidden_patterns) if facet else ()
    options = Options(max_rows=limits().max_rows, forbidden_patterns=patterns)
    dialect, catalog = source.sql_dialect, layer.catalog()
    return await in_thread_if_long(
        sql, validate, sql, dialect=dialect, catalog=catalog, options=options
    )


async def in_thread_if_long(
    sql: str, work: Callable[_Given, _Made], *args: _Given.args, **options: _Given.kwargs
) -> _Made:
    """Do work that grows with the text, beside the event loop when that is worth it."""
    if len(sql) <= INLINE_CHARACTERS:
        return work(*args, **options)
    return await asyncio.to_thread(work, *args, **options)


async def limited_to(
    asked: Asked, source: DatasourceInfo, query: ValidatedQuery, layer: SemanticLayer
) -> Cleared | Rejection:
    """The query behind the row policies of what it reads, and the masks of what it yields."""
    if source.language != "sql":
        return _of_another_language(asked, query)
    catalog = layer.catalog()
    masks = await in_thread_if_long(query.sql, masks_of, asked.principal, query, catalog)
    if isinstance(masks, Rejection):
        return masks
    filters = await filters_of(asked.principal, query, catalog)
    if isinstance(filters, Rejection):
        return filters
    if not filters.by_table:
        return Cleared(query, query.sql, masks=masks)
    claims, rest = await split(source.id, filters, catalog.tables)
    limited = await in_thread_if_long(query.sql, restrict, query, rest, catalog=catalog)
    if isinstance(limited, Rejection):
        return limited
    return Cleared(query, limited.sql, filters, masks, claims)


def _of_another_language(asked: Asked, query: ValidatedQuery) -> Cleared | Rejection:
    """No condition can be put into a language that is not known here."""
    if not covers_names(query.tables):
        refused = masked_in_another_language(asked.principal, query)
        return refused or Cleared(query, query.sql)
    message = _("Row policies protect what this query reads, and this datasource cannot obey them.")
    return Rejection("policy_no_place", "row_policies", message)


async def own_wall(source: DatasourceInfo, cleared: Cleared | Rejection) -> Cleared | Rejection:
    """On an SQL engine the validator of the datasource's plugin is one wall more."""
    if isinstance(cleared, Rejection) or source.language != "sql":
        return cleared
    result = await connections.validate(source.id, cleared.sql)
    if result.valid:
        return cleared
    return Rejection("datasource_validator", "validate", result.reason)


def _event(asked: Asked, sql: str) -> BeforeQuery:
    conversation = asked.principal.conversation_id
    return BeforeQuery(
        sql,
        connection_id=asked.datasource,
        user_id=asked.principal.told_id,
        conversation_id="" if conversation is None else str(conversation),
    )
