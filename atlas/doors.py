"""Which services interaction plugins reach for the people they speak for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from approvals import for_plugins
from atlas.accounts.for_plugins import person
from plugins_app.host.people import Doors
from plugins_app.sdk import ExploreResult, QueryResult


def doors(semantic_dir: Path) -> Doors:
    """The doors of this installation, whose definitions lie in `semantic_dir`."""

    async def explore(command: str, as_user: str) -> ExploreResult:
        from atlas.sandbox.for_plugins import explore_as  # noqa: PLC0415 - slow; pages do without

        return await explore_as(command, as_user, semantic_dir)

    return Doors(
        person=person,
        ask=for_plugins.ask,
        pending=for_plugins.pending,
        decide=for_plugins.decide,
        query=_query,
        explore=explore,
        semantic_layer=_semantic_layer,
    )


async def _query(sql: str, as_user: str, datasource: str) -> QueryResult:
    from atlas.datasources.for_plugins import query_as  # noqa: PLC0415 - slow import of the parser

    return await query_as(sql, as_user, datasource)


async def _semantic_layer(as_user: str, datasource: str) -> Mapping[str, Any]:
    from atlas.datasources.for_plugins import semantic_layer_for  # noqa: PLC0415 - slow import of the parser

    return await semantic_layer_for(as_user, datasource)
