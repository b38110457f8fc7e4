"""Says what would become of a query: the verdict, and every policy that would apply."""

from dataclasses import dataclass

from atlas.datasources.checking import guard, limited_to, own_wall, source_of
from atlas.datasources.journal import Asked
from atlas.datasources.row_policies import row_policies
from atlas.datasources.seeing import masked_columns
from atlas.datasources.sensitive import sensitive_queries
from atlas.semantic.layer import SemanticLayer
from atlas.sql import Catalog, Rejection, ValidatedQuery
from atlas.sql.policies.sensitive import tells_columns


@dataclass(frozen=True, slots=True)
class Applied:
    """The names of the row policies, the masked columns that are read, and what needs approval.

    `masks` maps "table.column" to how it is shown. A policy for sensitive queries that asks for a
    cost is named whatever the query would cost.
    """

    row_policies: tuple[str, ...] = ()
    masks: tuple[tuple[str, str], ...] = ()
    approval: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A query that would be sent, as it would be shown, and what would apply to it."""

    query: ValidatedQuery
    applied: Applied


async def preview(asked: Asked, layer: SemanticLayer) -> Preview | Rejection:
    """Check a query for a person as the query path would, but for hooks; nothing is recorded.

    Refused too is what the person's own claims, role or masks would refuse.
    """
    source = source_of(asked)
    if isinstance(source, Rejection):
        return source
    query = await guard(asked.sql, source, layer)
    if isinstance(query, Rejection):
        return query
    cleared = await own_wall(source, await limited_to(asked, source, query, layer))
    if isinstance(cleared, Rejection):
        return cleared
    return Preview(query, applied_to(query, layer.catalog(), asked.principal.role.value))


def applied_to(query: ValidatedQuery, catalog: Catalog, role: str | None) -> Applied:
    """What applies to a query for a role; None is somebody for whom no exception holds."""
    tables = [table for table in catalog.tables if table.full_name in query.tables]
    covering = [policy.name for table in tables for policy in row_policies().covering(table)]
    columns = query.columns if tells_columns(query.dialect) else None
    shown = dict(masked_columns(role, query.tables, columns))
    return Applied(
        tuple(dict.fromkeys(covering)),
        tuple((name, kind) for name, kind in shown.items() if kind != "none"),
        tuple(policy.name for policy in sensitive_queries().about(query)),
    )
