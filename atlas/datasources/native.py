"""Row policies that a datasource's engine keeps itself: where they hold, and what they are told."""

import asyncio
import time
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from atlas.datasources.row_policies import row_policies
from atlas.sql.policies.native import claim_texts, native_policy
from atlas.sql.policies.rows import Filters, PolicyError
from atlas.sql.types import Table
from plugins_app.host import registry
from plugins_app.host.errors import PluginFailed
from plugins_app.host.facets import connections
from plugins_app.host.registry import Entry
from plugins_app.sdk import PolicyTable, RowClaims, RowPoliciesChangedError

# Each query is checked again where it runs; this only says which form it is written in.
LOOKED_UP_FOR_S = 30.0


@dataclass
class _Known:
    """What was found out about a datasource: when, and the digests that hold, by table."""

    at: float = float("-inf")
    held: dict[str, str] = field(default_factory=dict)
    looking: asyncio.Lock = field(default_factory=asyncio.Lock)


_known: "weakref.WeakKeyDictionary[Entry, _Known]" = weakref.WeakKeyDictionary()


class PoliciesChanged(AtlasError):
    """The engine's policies changed since this process looked; nothing was read."""

    code = "policies_changed"


async def split(
    datasource_id: str, filters: Filters, tables: Iterable[Table]
) -> tuple[RowClaims | None, Filters]:
    """What the engine is told for a query, and the filters that its text must carry itself.

    A table is left to the engine only where the policies of today hold there for the login. The
    claims are told even when none is: a policy that is there and old must not fail for their lack.
    """
    entry = registry.current().get(datasource_id)
    facet = entry.plugin.datasource
    if not filters.by_table or facet is None or facet.inspect_policies is None:
        return None, filters
    held = await _held(entry, tables)
    engine = {name: held[name] for name in filters.by_table if name in held}
    rest = {name: one for name, one in filters.by_table.items() if name not in engine}
    return RowClaims(claim_texts(filters.claims), engine), replace(filters, by_table=rest)


def forget(datasource_id: str) -> None:
    """Look again before the next query."""
    _known.pop(registry.current().get(datasource_id), None)


def changed(datasource_id: str, error: AtlasError) -> AtlasError:
    """The error that people read, when policies changed under a query; else the same."""
    if not (isinstance(error, PluginFailed) and isinstance(error.error, RowPoliciesChangedError)):
        return error
    forget(datasource_id)
    return PoliciesChanged(_("The row policies in the database have just changed. Ask again."))


async def keeps(datasource_id: str, tables: Iterable[str]) -> bool:
    """Whether the engine keeps a policy of Atlas's, of whatever age, on one of these tables."""
    described = await connections.inspect_policies(datasource_id, list(tables))
    return any(one.has_policy for one in described or ())


def _wanted_digest(table: Table, described: PolicyTable) -> str:
    """The digest of what the policies of today are on a table; "" where none can be."""
    if not described.can_hold:
        return ""
    try:
        policy = native_policy(row_policies(), table, described.columns)
    except PolicyError:
        return ""
    return "" if policy is None else policy.digest


async def _held(entry: Entry, tables: Iterable[Table]) -> dict[str, str]:
    known = _known.setdefault(entry, _Known())
    async with known.looking:
        if time.monotonic() - known.at >= LOOKED_UP_FOR_S:
            by_name = {table.full_name: table for table in tables}
            described = await connections.inspect_policies(entry.id, list(by_name)) or []
            known.held = {
                one.name: one.installed
                for one in described
                if one.installed and one.installed == _wanted_digest(by_name[one.name], one)
            }
            known.at = time.monotonic()
    return known.held
