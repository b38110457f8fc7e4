"""Masks against a real PostgreSQL: what is shown does not change with the values that are masked.

Each random query is shown once over the data, and once more after every masked value was replaced
by another; both must look the same, errors included.
"""

import os
from collections import Counter
from random import Random
from typing import Any

import psycopg
import pytest

from atlas.sql import Rejection, validate
from atlas.sql.policies.masking import result_masks
from atlas.sql.policies.masks import Mask, Masks
from tests.sql.policy_queries import Maker
from tests.sql.policy_worlds import World, build
from tests.sql.shrinking import shrink
from tests.sql.test_row_policy_fuzz import OPTIONS, TIMEOUT

QUERIES = 20_000 if os.environ.get("ATLAS_TEST_LONG") else 400
PER_WORLD = 100
FIRST_SEED = int(os.environ.get("ATLAS_FUZZ_SEED", "0"))
DATABASE = "mask_fuzz"
# A view shows a masked column as any other, so it is named as well.
MASKS = Masks((Mask(("*",), ("name", "Mixed Name")), Mask(("orders", "live"), ("tenant",))))
KEY = b"key"


class Showing:
    """One world before and after its masked values changed."""

    def __init__(self, connection: psycopg.Connection, world: World) -> None:
        self.connection, self.world = connection, world
        connection.execute("SET search_path = ''")
        for schema in ("shop", "side"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())
            connection.execute(f"CREATE SCHEMA {schema}".encode())
        # Native policies are for the other test.
        for statement in world.statements:
            if statement.startswith(("CREATE TABLE", "INSERT", "CREATE VIEW")):
                connection.execute(statement.encode())

    def look(self, sql: str) -> tuple[str, list[tuple[Any, ...]]]:
        """The code of a refusal, or what is shown over both versions of the data."""
        catalog = self.world.catalog
        checked = validate(sql, dialect="postgres", catalog=catalog, options=OPTIONS)
        if isinstance(checked, Rejection):
            return checked.code, []
        masks = result_masks(checked, MASKS, "viewer", catalog=catalog)
        if isinstance(masks, Rejection):
            return masks.code, []
        shown = []
        for changes in ((), self._changes()):
            with self.connection.transaction(force_rollback=True):
                for change in changes:
                    self.connection.execute(change.encode())
                shown.append(self._shown(checked.sql, masks))
        return "shown", shown

    def _shown(self, sql: str, masks: Any) -> tuple[Any, ...]:
        try:
            with self.connection.transaction():
                self.connection.execute(f"SET LOCAL statement_timeout = '{TIMEOUT}'")
                rows = self.connection.execute(sql.encode()).fetchall()
        except psycopg.errors.QueryCanceled:
            return ("timeout",)
        except psycopg.Error:
            return ("error",)
        return (Counter(map(repr, masks.apply(rows, KEY))),)

    def _changes(self) -> list[str]:
        changes = []
        for table in self.world.tables:
            for column in table.columns or ():
                if table.name == "live" or MASKS.kind_of(table, column, "viewer") == "none":
                    continue
                # How many different values there are may be told, so they stay as many.
                place = f'{table.schema}."{table.name}"'
                changes.append(f'UPDATE {place} SET "{column}" = md5("{column}")')
        return changes


def test_what_is_shown_does_not_depend_on_what_is_masked(cluster: Any) -> None:
    with cluster.superuser("postgres") as superuser:
        superuser.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
    figures: Counter[str] = Counter()
    with cluster.superuser(DATABASE) as connection:
        connection.execute("SET jit = off")
        for number in range(QUERIES):
            seed = FIRST_SEED + number
            if number % PER_WORLD == 0:
                showing = Showing(connection, build(Random(seed)))  # noqa: S311 - to repeat it
            sql = Maker(Random(seed), showing.world.tables).statement()  # noqa: S311 - to repeat it
            if "TABLESAMPLE" not in sql:
                # A sample goes by the places of rows, which an update moves.
                _check(showing, sql, seed, figures)
    with cluster.superuser("postgres") as superuser:
        superuser.execute(f"DROP DATABASE {DATABASE}")
    print(f"\nseeds {FIRST_SEED} to {FIRST_SEED + QUERIES - 1}: {figures}")  # noqa: T201 - the report
    assert figures["shown"] >= QUERIES / 4


def _check(showing: Showing, sql: str, seed: int, figures: Counter[str]) -> None:
    code, shown = showing.look(sql)
    figures[code] += 1
    if _differs(shown):
        smallest = shrink(sql, lambda text: _differs(showing.look(text)[1]))
        pytest.fail(f"seed {seed}\n{sql}\nsmallest:\n{smallest}\n{showing.look(smallest)}")


def _differs(shown: list[tuple[Any, ...]]) -> bool:
    return bool(shown) and ("timeout",) not in shown and shown[0] != shown[1]
