"""The query path as plugins reach it: the same gates, for a person or for the plugin itself."""

from collections.abc import Sequence
from typing import cast

from django.utils.translation import gettext as _

from atlas.common.db import in_db
from atlas.datasources.outcomes import EngineFailed, NeedsApproval, Refused
from atlas.datasources.principal import PluginPrincipal, Principal
from atlas.datasources.query import run_query
from atlas.datasources.semantic import current_layer
from plugins_app.sdk import PluginError, QueryResult


async def query(principal: object | None, plugin_id: str, datasource: str, sql: str) -> QueryResult:
    """Ask as the person, or as the plugin itself where nobody is asking.

    Raises `PluginError` with the sentence that people would read.
    """
    asker = PluginPrincipal.of_plugin(plugin_id) if principal is None else principal
    version = await in_db(current_layer, datasource)
    outcome = await run_query(
        cast(Principal, asker), datasource, sql, layer=version.layer, purpose="plugin"
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
