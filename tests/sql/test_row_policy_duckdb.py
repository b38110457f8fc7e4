"""Row policies where the engine has none of its own: DuckDB, and copies that hold a person's rows.

The rewritten query over all rows must give what the query gives over a copy of the database from
which all other rows were deleted.
"""

import os
import re
from collections import Counter
from random import Random
from typing import Any

import duckdb
import pytest

from atlas.sql import Rejection, validate
from atlas.sql.policies.restricting import restrict
from atlas.sql.policies.rows import filters_for
from tests.sql.policy_queries import Maker
from tests.sql.policy_worlds import World, build
from tests.sql.shrinking import shrink
from tests.sql.test_row_policy_fuzz import OPTIONS

QUERIES = 10_000 if os.environ.get("ATLAS_TEST_LONG") else 300
PER_WORLD = 100
FIRST_SEED = int(os.environ.get("ATLAS_FUZZ_SEED", "0"))
_POLICY = re.compile(r"CREATE POLICY p ON (\S+) TO \w+ USING (.*)", re.DOTALL)
_CHILD = re.compile(r"INSERT INTO (\w+)\.child_(\w+)")
_PARTS = (" PARTITION BY LIST (flag)", " WITH (security_invoker = true)")


def statements(world: World) -> list[str]:
    """What builds the world in DuckDB, without partitions, children and policies."""
    made = ["CREATE SCHEMA shop", "CREATE SCHEMA side"]
    for statement in world.statements:
        if re.match(r"CREATE TABLE \w+\.(part|child)_|ALTER|CREATE POLICY", statement):
            continue
        for part in _PARTS:
            statement = statement.replace(part, "")
        made.append(_CHILD.sub(r'INSERT INTO \1."\2"', statement).replace("STORED", "VIRTUAL"))
    return made


class Copies:
    """All rows of a world, and only those that the person may see."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.full, self.own = duckdb.connect(), duckdb.connect()
        for connection in (self.full, self.own):
            for statement in statements(world):
                connection.execute(statement)
        for table, condition in filter(None, map(_policy, world.statements)):
            self.own.execute(f"DELETE FROM {table} WHERE ({condition}) IS NOT TRUE")

    def compare(self, sql: str) -> str:
        """ "equal", "different", or why there is nothing to compare."""
        catalog = self.world.catalog
        checked = validate(sql, dialect="duckdb", catalog=catalog, options=OPTIONS)
        if isinstance(checked, Rejection):
            return checked.code
        tables = [t for t in catalog.tables if t.full_name in checked.tables]
        filters = filters_for(self.world.policies, self.world.claims, tables)
        limited = restrict(checked, filters, catalog=catalog)
        if isinstance(limited, Rejection):
            return f"limited {limited.code}"
        expected = _rows(self.own, checked.sql)
        if expected is None:
            return "invalid"
        found = _rows(self.full, limited.sql)
        if found is None and _rows(self.own, limited.sql) is None:
            # A cast that this engine refuses only when its plan is not seen to be empty.
            return "invalid"
        return "equal" if found == expected else "different"


def _policy(statement: str) -> tuple[str, str] | None:
    found = _POLICY.match(statement)
    return (found[1], found[2]) if found else None


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    try:
        return Counter(map(repr, connection.execute(sql).fetchall()))
    except duckdb.Error:
        return None


def test_rewritten_queries_give_what_a_copy_of_the_own_rows_gives() -> None:
    figures: Counter[str] = Counter()
    for number in range(QUERIES):
        seed = FIRST_SEED + number
        if number % PER_WORLD == 0:
            copies = Copies(build(Random(seed)))  # noqa: S311 - to repeat it, not a secret
        sql = Maker(Random(seed), copies.world.tables).statement()  # noqa: S311 - to repeat it
        if "TABLESAMPLE" in sql:
            continue
        found = copies.compare(sql)
        figures[found] += 1
        if found == "different":
            pytest.fail(_report(copies, sql, seed))
    print(f"\nseeds {FIRST_SEED} to {FIRST_SEED + QUERIES - 1}: {figures}")  # noqa: T201 - the report
    assert figures["equal"] >= QUERIES / 2
    limited = sum(times for code, times in figures.items() if code.startswith("limited"))
    assert limited <= QUERIES / 100


def _report(copies: Copies, sql: str, seed: int) -> str:
    smallest = shrink(sql, lambda text: copies.compare(text) == "different")
    return f"seed {seed}\n{sql}\nsmallest:\n{smallest}\n{copies.world.policies}"
