"""Row policies on a real MariaDB, beside a copy of the database that holds a person's rows only.

The rewritten query over all rows must give what the query gives over the copy.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pymysql
import pytest
from sqlglot import transpile
from sqlglot.errors import ErrorLevel

from atlas.sql import Rejection, validate
from atlas.sql.policies.restricting import restrict
from atlas.sql.policies.rows import filters_for
from tests.sql.policy_queries import Maker
from tests.sql.policy_worlds import World, build
from tests.sql.test_row_policy_duckdb import statements
from tests.sql.test_row_policy_fuzz import OPTIONS
from tests.sql.witnesses import mariadb_server
from tests.sql.witnesses.mariadb_server import MariaDBServer

pytestmark = pytest.mark.engines

IGNORE = ErrorLevel.IGNORE
QUERIES = 10_000 if os.environ.get("ATLAS_TEST_LONG") else 80
PER_WORLD = 40
FIRST_SEED = int(os.environ.get("ATLAS_FUZZ_SEED", "0"))
_POLICY = re.compile(r"CREATE POLICY p ON (\S+) TO \w+ USING (.*)", re.DOTALL)
_ANY = re.compile(r"= ANY \(ARRAY(\[.*?\])::\w+\[\]\)")
# Names in double quotes and backslashes as in the statements of the world.
_AS_WRITTEN = "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'"
# Neither exists here; what the parser makes of DISTINCT ON may show either of two equal rows.
_NOT_ASKED = ("TABLESAMPLE", "DISTINCT ON")
# Without this a query that groups may show any row of a group.
_AS_READ = "SET sql_mode = 'ONLY_FULL_GROUP_BY', max_statement_time = 1"
# The numbers of the errors that say so.
_TOO_LONG = (1317, 1969)
_COLLATION = "CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"


class Copy:
    """One server with a world in it: all of its rows, or those of the person."""

    def __init__(self) -> None:
        self.server = MariaDBServer()
        self._connection = self.server.connect()

    def fill(self, world: World, *, own: bool) -> None:
        """Put this world in the place of the one before."""
        self._connection.close()
        self._connection = self.server.connect()
        self._ask(_AS_WRITTEN)
        for schema in ("shop", "side"):
            self._ask(f"DROP DATABASE IF EXISTS {schema}")
            self._ask(f"CREATE DATABASE {schema} {_COLLATION}")
        for statement in statements(world):
            if not statement.startswith("CREATE SCHEMA"):
                self._ask(statement)
        for table, condition in _conditions(world) if own else ():
            self._ask(f"DELETE FROM {table} WHERE ({condition}) IS NOT TRUE")
        self._connection.select_db("shop")
        self._ask(_AS_READ)

    def rows(self, sql: str) -> Counter[str] | int:
        """The rows, or the number of the error."""
        try:
            return Counter(map(repr, self._ask(sql)))
        except pymysql.MySQLError as error:
            return int(error.args[0])

    def stop(self) -> None:
        """End the server."""
        self._connection.close()
        self.server.stop()

    def _ask(self, sql: str) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()


def _conditions(world: World) -> Iterator[tuple[str, str]]:
    for statement in world.statements:
        if found := _POLICY.match(statement):
            listed = _ANY.sub(lambda values: f"IN ({values[1][1:-1]})", found[2])
            yield found[1], listed


@pytest.fixture(scope="module")
def copies() -> Iterator[tuple[Copy, Copy]]:
    """A server for all rows and one for the person's."""
    if mariadb_server.missing():
        pytest.skip(mariadb_server.missing())
    full, own = Copy(), Copy()
    yield full, own
    full.stop()
    own.stop()


def _compare(world: World, sql: str, copies: tuple[Copy, Copy]) -> str:
    """ "equal", "different", or why there is nothing to compare."""
    catalog = world.catalog
    checked = validate(sql, dialect="mariadb", catalog=catalog, options=OPTIONS)
    if isinstance(checked, Rejection):
        return checked.code
    tables = [table for table in catalog.tables if table.full_name in checked.tables]
    limited = restrict(checked, filters_for(world.policies, world.claims, tables), catalog=catalog)
    if isinstance(limited, Rejection):
        return f"limited {limited.code}"
    full, own = copies
    expected = own.rows(checked.sql)
    if isinstance(expected, int):
        return f"invalid {expected}"
    found = full.rows(limited.sql)
    if found in _TOO_LONG:
        return "slow"
    if found == expected:
        return "equal"
    return f"different {found if isinstance(found, int) else 'rows'} {limited.sql}"


def test_rewritten_queries_give_what_a_copy_of_the_own_rows_gives(
    copies: tuple[Copy, Copy],
) -> None:
    figures: Counter[str] = Counter()
    for number in range(QUERIES):
        seed = FIRST_SEED + number
        if number % PER_WORLD == 0:
            world = build(Random(seed))  # noqa: S311 - to repeat it, not a secret
            copies[0].fill(world, own=False)
            copies[1].fill(world, own=True)
        text = Maker(Random(seed), world.tables).statement()  # noqa: S311 - to repeat it
        if any(words in text for words in _NOT_ASKED):
            continue
        sql = transpile(text, read="postgres", write="mysql", unsupported_level=IGNORE)[0]
        found = _compare(world, sql, copies)
        figures[found.split(" SELECT")[0].split(" WITH")[0]] += 1
        if found.startswith("different"):
            pytest.fail(f"seed {seed}\n{sql}\n{found}\n{world.policies}\n{world.claims}")
    print(f"\nseeds {FIRST_SEED} to {FIRST_SEED + QUERIES - 1}: {figures}")  # noqa: T201 - the report
    assert figures["equal"] >= QUERIES / 5
    limited = sum(times for code, times in figures.items() if code.startswith("limited"))
    assert limited <= QUERIES / 100
