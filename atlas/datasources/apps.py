"""Asking datasources: the query path, stored results and the semantic layer in force."""

from collections.abc import Sequence

from django.apps import AppConfig

from plugins_app.host import ports
from plugins_app.sdk import QueryResult


class DatasourcesConfig(AppConfig):
    """Tells the host of plugins where the query path is, which lies above it."""

    name = "atlas.datasources"
    label = "datasources"

    def ready(self) -> None:
        ports.install(ports.Ports(_query, _tables))


async def _query(
    principal: object | None, plugin_id: str, datasource: str, sql: str
) -> QueryResult:
    from atlas.datasources import for_plugins  # noqa: PLC0415 - it has models, which exist only now

    return await for_plugins.query(principal, plugin_id, datasource, sql)


async def _tables(datasource: str) -> Sequence[str]:
    from atlas.datasources import for_plugins  # noqa: PLC0415 - it has models, which exist only now

    return await for_plugins.tables(datasource)
