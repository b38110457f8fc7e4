"""Row policies in a datasource's own engine: what is there, what is wanted, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from django.core.management.base import CommandError

from atlas.datasources.row_policies import row_policies
from atlas.env import environment
from atlas.management.layers import needed_layer
from atlas.sql.policies.native import (
    NativePolicy,
    Standing,
    install_statements,
    native_policy,
    remove_statements,
)
from atlas.sql.policies.rows import PolicyError
from atlas.sql.types import Table
from plugins_app.host.facets import connections
from plugins_app.sdk import PolicyTable

CONNECT_TIMEOUT_S = 5


@dataclass(frozen=True)
class TablePlan:
    """One table: how its policies hold now, and the statements that are missing."""

    name: str
    state: str
    holds: bool
    statements: tuple[str, ...] = ()


async def plan_of(datasource: str) -> list[TablePlan]:
    """Compare the operator's policies with the engine's, for every table that the layer lists.

    Raises `CommandError` without a layer, and for a datasource that keeps no policies.
    """
    layer = needed_layer(environment(), datasource)
    tables = {table.full_name: table for table in layer.catalog().tables}
    described = await connections.inspect_policies(datasource, list(tables))
    if described is None:
        raise CommandError(f"{datasource} keeps no row policies itself; queries are rewritten.")
    plans = [_plan(tables[one.name], one) for one in described]
    return [plan for plan in plans if plan is not None]


def install(owner_url: str, plans: Sequence[TablePlan]) -> None:
    """Run the statements that are missing as the owner of the tables, all or none of them."""
    try:
        with psycopg.connect(owner_url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
            for statement in (one for plan in plans for one in plan.statements):
                connection.execute(statement.encode())
    except psycopg.Error as error:
        said = error.diag.message_primary or "The database cannot be reached with this address."
        raise CommandError(f"Nothing was changed. {said}") from None


def script(plans: Sequence[TablePlan]) -> str:
    """The same as a script for whoever owns the tables."""
    statements = [one for plan in plans for one in plan.statements]
    return ";\n".join(["BEGIN", *statements, "COMMIT;"]) if statements else ""


def _plan(table: Table, described: PolicyTable) -> TablePlan | None:
    standing = Standing(described.is_secured, described.is_ours, described.has_policy)
    try:
        policy = native_policy(row_policies(), table, described.columns)
    except PolicyError as error:
        return TablePlan(described.name, f"rewritten: {error}", holds=False)
    if policy is not None:
        return _wanted(described, policy, standing)
    if not described.has_policy:
        return None
    statements = tuple(remove_statements(described.name, standing))
    return TablePlan(described.name, "not covered any more; to be removed", False, statements)


def _wanted(described: PolicyTable, policy: NativePolicy, standing: Standing) -> TablePlan:
    if not described.can_hold:
        return TablePlan(described.name, "rewritten: no policy can be on a view", holds=True)
    if described.installed == policy.digest:
        return TablePlan(described.name, "native", holds=True)
    statements = tuple(install_statements(policy, described.login, standing))
    state = "rewritten: what is installed is old, or does not hold for this login"
    if not described.has_policy:
        state = "rewritten: not installed"
    return TablePlan(described.name, state, False, statements)
