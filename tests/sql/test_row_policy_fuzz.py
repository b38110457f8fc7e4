"""Row policies against PostgreSQL's own row security: the same query, the same rows.

The original runs under a role that native policies bind, the rewritten text as a superuser whom
they do not. A failure prints the seeds that make it again, and the smallest query that still fails.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psycopg
import pytest

from atlas.sql import Options, Rejection, validate
from atlas.sql.policies.restricting import restrict
from atlas.sql.policies.rows import filters_for
from tests.sql.policy_queries import Maker
from tests.sql.policy_worlds import ROLE, World, build
from tests.sql.shrinking import shrink

QUERIES = 100_000 if os.environ.get("ATLAS_TEST_LONG") else 1_000
PER_WORLD = 200
FIRST_SEED = int(os.environ.get("ATLAS_FUZZ_SEED", "0"))
DATABASE = "policy_fuzz"
# A join of everything with everything says nothing more after this.
TIMEOUT = "300ms"
OPTIONS = Options(max_rows=1_000_000)


@dataclass
class Figures:
    """How the queries of a run ended."""

    equal: int = 0
    different: int = 0
    foreign: int = 0
    skipped: int = 0
    filtered: int = 0
    rows: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class Pair:
    """The two connections to one world."""

    def __init__(self, owner: psycopg.Connection, tenant: psycopg.Connection, world: World) -> None:
        self.owner, self.tenant, self.world = owner, tenant, world
        self.hidden = self._hidden()

    def _hidden(self) -> set[str]:
        """What only rows hold that the tenant does not see."""
        hidden: set[str] = set()
        for table in self.world.tables:
            if "name" in (table.columns or ()):
                sql = f'SELECT name FROM {table.schema}."{table.name}"'.encode()
                everything = {row[0] for row in self.owner.execute(sql)}
                hidden |= everything - {row[0] for row in self.tenant.execute(sql)}
        return hidden

    def rewritten(self, sql: str) -> tuple[str, bool] | str:
        """The text to send and whether a policy is in it, or the code of the refusal."""
        catalog = self.world.catalog
        checked = validate(sql, dialect="postgres", catalog=catalog, options=OPTIONS)
        if isinstance(checked, Rejection):
            return checked.code
        tables = [t for t in catalog.tables if t.full_name in checked.tables]
        filters = filters_for(self.world.policies, self.world.claims, tables)
        limited = restrict(checked, filters, catalog=catalog)
        if isinstance(limited, Rejection):
            return limited.code
        return limited.sql, bool(filters.by_table)

    def compare(self, sql: str, figures: Figures) -> str:
        """The name of what is wrong, empty when nothing is."""
        native = _answer(self.tenant, sql)
        if native is None or isinstance(native, str):
            figures.skipped += 1
            return ""
        rewritten = self.rewritten(sql)
        if isinstance(rewritten, str):
            figures.refused[rewritten] += 1
            return ""
        ours = _answer(self.owner, rewritten[0])
        if ours is None:
            figures.skipped += 1
            return ""
        if isinstance(ours, str):
            return f"error {ours}"
        if _shows(ours[1], self.hidden):
            figures.foreign += 1
            return "foreign"
        if ours != native:
            return "different"
        figures.equal += 1
        figures.filtered += rewritten[1]
        figures.rows += bool(native[1])
        return ""


def _answer(connection: psycopg.Connection, sql: str) -> tuple[Any, ...] | str | None:
    """Column names and rows, the error's class, or None when it took too long."""
    try:
        cursor = connection.execute(sql.encode())
        names = tuple(column.name for column in cursor.description or ())
        return names, Counter(cursor.fetchall())
    except psycopg.errors.QueryCanceled:
        return None
    except psycopg.Error as error:
        return error.sqlstate or "unknown"


def _shows(rows: Counter[Any], hidden: set[str]) -> bool:
    texts = {value.lower() for row in rows for value in row if isinstance(value, str)}
    return any(name.lower() in text for name in hidden for text in texts)


@pytest.fixture(scope="module")
def connect(cluster: Any) -> Iterator[Any]:
    with cluster.superuser("postgres") as superuser:
        superuser.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
        superuser.execute(f"CREATE ROLE {ROLE}")
    owner, tenant = cluster.superuser(DATABASE), cluster.superuser(DATABASE)
    for connection in (owner, tenant):
        connection.execute("SET jit = off")
    tenant.execute("SET search_path = shop")

    def run(world: World) -> Pair:
        # Making a world takes as long as it takes.
        owner.execute("RESET statement_timeout")
        owner.execute("SET search_path = ''")
        for schema in ("shop", "side"):
            owner.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())
            owner.execute(f"CREATE SCHEMA {schema}".encode())
        tenant.execute("RESET SESSION AUTHORIZATION")
        for statement in world.statements:
            owner.execute(statement.encode())
        owner.execute(f"GRANT USAGE ON SCHEMA shop, side TO {ROLE}")
        owner.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA shop, side TO {ROLE}")
        tenant.execute(f"SET SESSION AUTHORIZATION {ROLE}")
        made = Pair(owner, tenant, world)
        for connection in (owner, tenant):
            connection.execute(f"SET statement_timeout = '{TIMEOUT}'")
        return made

    yield run
    owner.close()
    tenant.close()
    with cluster.superuser("postgres") as superuser:
        superuser.execute(f"DROP DATABASE {DATABASE}")
        superuser.execute(f"DROP ROLE {ROLE}")


def test_rewritten_queries_give_what_native_row_security_gives(connect: Any) -> None:
    figures, pair = Figures(), None
    for number in range(QUERIES):
        seed = FIRST_SEED + number
        if pair is None or number % PER_WORLD == 0:
            world_seed = seed
            pair = connect(build(Random(world_seed)))  # noqa: S311 - to repeat it, not a secret
        maker = Maker(Random(seed), pair.world.tables)  # noqa: S311 - to repeat it, not a secret
        sql = maker.statement()
        wrong = pair.compare(sql, figures)
        if wrong:
            pytest.fail(_report(pair, sql, wrong, world_seed, seed))
    print(f"\nseeds {FIRST_SEED} to {FIRST_SEED + QUERIES - 1}: {figures}")  # noqa: T201 - the figures are the report
    compared = QUERIES - figures.skipped
    assert (figures.different, figures.foreign) == (0, 0)
    assert figures.refused.total() <= compared / 100
    assert compared >= QUERIES * 0.9
    assert figures.filtered >= QUERIES / 3
    assert figures.rows >= QUERIES / 4


def _report(pair: Pair, sql: str, wrong: str, world_seed: int, seed: int) -> str:
    smallest = shrink(sql, lambda text: pair.compare(text, Figures()) == wrong)
    return (
        f"{wrong}; world seed {world_seed}, query seed {seed}\n{sql}\nsmallest:\n{smallest}\n"
        f"sent: {pair.rewritten(smallest)}\n{pair.world.policies}\n{pair.world.claims}"
    )
