"""Decides whether a query may be sent, and in which words: rights, guard, hooks, guard again."""

import asyncio

from django.utils.translation import gettext as _

from atlas.datasources.foreign import check_foreign
from atlas.datasources.journal import Asked
from atlas.datasources.limits import limits
from atlas.semantic.layer import SemanticLayer
from atlas.sql import Options, Rejection, ValidatedQuery, validate
from plugins_app.host import connections, hooks, registry
from plugins_app.host.connections import DatasourceInfo
from plugins_app.host.errors import HookRejected
from plugins_app.sdk import BeforeQuery

# Below this the guard takes less than handing the work to a thread would be worth.
INLINE_CHARACTERS = 2_000


async def check(asked: Asked, layer: SemanticLayer) -> ValidatedQuery | Rejection:
    """Return the query that may be sent, or why none may.

    Hooks see what passed the guard. What they change goes through the guard again, whole. For a
    source of another language its plugin's validator is the guard.
    """
    source = _source(asked)
    if isinstance(source, Rejection):
        return source
    validated = await _guard(asked.sql, source, layer)
    if isinstance(validated, Rejection):
        return validated
    try:
        rewritten = await hooks.before_query(_event(asked, validated.sql))
    except HookRejected as rejected:
        return Rejection(rejected.code, "before_query", rejected.user_message)
    if rewritten != validated.sql:
        validated = await _guard(rewritten, source, layer)
    return await _own_wall(source, validated)


def refused_right() -> Rejection:
    """The rejection of somebody who may not ask."""
    message = _("Your role lets you read conversations, not ask. An admin can change it.")
    return Rejection("not_allowed", "rights", message)


def _source(asked: Asked) -> DatasourceInfo | Rejection:
    if not asked.principal.may_query(asked.datasource):
        return refused_right()
    known = {source.id: source for source in connections.list_datasources()}
    source = known.get(asked.datasource)
    if source is None:
        message = _("There is no datasource of this name, or it is switched off.")
        return Rejection("unknown_datasource", "datasource", message, asked.datasource)
    return source


async def _guard(
    sql: str, source: DatasourceInfo, layer: SemanticLayer
) -> ValidatedQuery | Rejection:
    if source.language != "sql":
        return await check_foreign(sql, source, layer)
    facet = registry.current().get(source.id).plugin.datasource
    patterns = tuple(facet.forbidden_patterns) if facet else ()
    options = Options(max_rows=limits().max_rows, forbidden_patterns=patterns)
    if len(sql) <= INLINE_CHARACTERS:
        return validate(sql, dialect=source.sql_dialect, catalog=layer.catalog(), options=options)
    return await asyncio.to_thread(
        validate, sql, dialect=source.sql_dialect, catalog=layer.catalog(), options=options
    )


async def _own_wall(
    source: DatasourceInfo, validated: ValidatedQuery | Rejection
) -> ValidatedQuery | Rejection:
    """On an SQL engine the validator of the datasource's plugin is one wall more."""
    if isinstance(validated, Rejection) or source.language != "sql":
        return validated
    result = await connections.validate(source.id, validated.sql)
    if result.valid:
        return validated
    return Rejection("datasource_validator", "validate", result.reason)


def _event(asked: Asked, sql: str) -> BeforeQuery:
    conversation = asked.principal.conversation_id
    return BeforeQuery(
        sql,
        connection_id=asked.datasource,
        user_id=str(asked.principal.user_id),
        conversation_id="" if conversation is None else str(conversation),
    )
