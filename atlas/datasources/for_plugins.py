"""The query path as plugins reach it: the same gates, for the person they work for."""

from collections.abc import Sequence
from typing import cast

from django.utils.translation import gettext as _

from atlas.common.db import in_db
from atlas.datasources.outcomes import EngineFailed, NeedsApproval, Refused
from atlas.datasources.principal import Principal
from atlas.datasources.query import run_query
from atlas.datasources.semantic import current_layer
from plugins_app.sdk import PluginError, QueryResult


async def query(principal: object, datasource: str, sql: str) -> QueryResult:
    """Ask as the person; raises `PluginError` with the sentence that people would read."""
    version = await in_db(current_layer, datasource)
    outcome = await run_query(
        cast(Principal, principal), datasource, sql, layer=version.layer, purpose="plugin"
    )
    if isinstance(outcome, Refused):
        raise PluginError(outcome.rejection.message)
    if isinstance(outcome, NeedsApproval):
        message = _("This query needs approval, which only a conversation can ask for.")
        raise PluginError(message)
    if isinstance(outcome, EngineFailed):
        raise PluginError(outcome.message)
    return QueryResult(outcome.columns, outcome.rows, outcome.truncated)


async def tables(datasource: str) -> Sequence[str]:
    """Return the full names of the tables that the layer in force lists."""
    version = await in_db(current_layer, datasource)
    return [table.full_name for table in version.layer.catalog().tables]
