"""The query path as plugins reach it: the same gates, for a person or for the plugin itself."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.utils.translation import gettext as _

from atlas.accounts.for_plugins import asker_of
from atlas.accounts.principal import PluginPrincipal, Principal
from atlas.common.db import in_db
from atlas.datasources.outcomes import EngineFailed, NeedsApproval, Refused
from atlas.datasources.query import run_query
from atlas.datasources.semantic import current_layer, needed_layer
from atlas.semantic.layer import SemanticLayer
from plugins_app.sdk import PluginError, QueryResult


async def query(principal: object | None, plugin_id: str, datasource: str, sql: str) -> QueryResult:
    """Ask as the person, or as the plugin itself where nobody is asking.

    Raises `PluginError` with the sentence that people would read.
    """
    asker = PluginPrincipal.of_plugin(plugin_id) if principal is None else principal
    version = await in_db(current_layer, datasource)
    return await _asked(cast(Principal, asker), datasource, sql, version.layer)


async def query_as(sql: str, as_user: str, datasource: str) -> QueryResult:
    """Ask as the person named, "" being the datasource whose layer was loaded last.

    Raises as `query`, and what `asker_of` raises.
    """
    asker, layer = await in_db(_may_ask, as_user, datasource)
    return await _asked(asker, datasource or layer.source.datasource, sql, layer)


async def semantic_layer_for(as_user: str, datasource: str) -> Mapping[str, Any]:
    """Return the definitions in force for a person who may ask, without values of the data."""
    _asker, layer = await in_db(_may_ask, as_user, datasource)
    parts = {"source", "entities", "metrics", "glossary", "as_of"}
    return layer.model_dump(mode="json", include=parts, exclude_defaults=True)


async def _asked(asker: Principal, datasource: str, sql: str, layer: SemanticLayer) -> QueryResult:
    outcome = await run_query(asker, datasource, sql, layer=layer, purpose="plugin")
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


def _may_ask(as_user: str, datasource: str) -> tuple[Principal, SemanticLayer]:
    user = asker_of(as_user)
    return Principal.of(user), needed_layer(datasource)
