"""Which services interaction plugins reach for the people they speak for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from approvals import for_plugins, halting
from approvals.errors import Conflict
from atlas.accounts.for_plugins import asker_of, person
from atlas.common.db import in_db
from plugins_app.host.people import Doors
from plugins_app.sdk import ExploreResult, QueryResult


def doors(semantic_dir: Path) -> Doors:
    """The doors of this installation, whose definitions lie in `semantic_dir`."""

    async def explore(command: str, as_user: str) -> ExploreResult:
        from atlas.sandbox.for_plugins import explore_as  # noqa: PLC0415 - slow; pages do without

        await in_db(_check_order, as_user)
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

    await in_db(_check_order, as_user)
    return await query_as(sql, as_user, datasource)


async def _semantic_layer(as_user: str, datasource: str) -> Mapping[str, Any]:
    from atlas.datasources.for_plugins import semantic_layer_for  # noqa: PLC0415 - slow import of the parser

    return await semantic_layer_for(as_user, datasource)


def _check_order(as_user: str) -> None:
    """Refuse whoever asks while everything is stopped: an assistant at a plugin is an agent too.

    Questions need no look here, since none is begun then.
    """
    asker_of(as_user)
    order = halting.in_force()
    if order is not None:
        raise Conflict(
            _("An admin has stopped everything: “%(reason)s”. Ask again when it is lifted.")
            % {"reason": order.reason},
            code="halted",
        )
