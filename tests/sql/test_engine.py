"""A real PostgreSQL as witness: what passes means the same there and needs no other right."""

from collections.abc import Iterator
from random import Random
from typing import Any

import psycopg
import pytest

from atlas.sql import ValidatedQuery
from tests.sql.mutations import mutate
from tests.sql.random_queries import Writer
from tests.sql.world import CATALOG, SCHEMA, Entry, accepted, ask, corpus, each

QUERIES = 500
DATABASE = "guarded"
READER = "guard_reader"

# The engine itself refuses these as they were written: it sees the hidden column, or is too old.
_NEEDS_THE_GUARD = {
    "group by an alias equal to a hidden column",
    "hexadecimal and underscores",
}


class Engine:
    """One database with the hidden names in it and an account that may not read them."""

    def __init__(self, owner: psycopg.Connection, reader: psycopg.Connection) -> None:
        self.owner = owner
        self.reader = reader

    def plans_for_both(self, sql: str) -> bool:
        """Whether the owner's plan succeeds; fails the test when the reader's then does not."""
        try:
            self.owner.execute(f"EXPLAIN {sql}".encode())
        except psycopg.Error:
            return False
        try:
            self.reader.execute(f"EXPLAIN {sql}".encode())
        except psycopg.Error as error:
            pytest.fail(f"{sql}\n{error}")
        return True


@pytest.fixture(scope="module")
def engine(cluster: Any) -> Iterator[Engine]:
    with cluster.superuser("postgres") as superuser:
        superuser.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
        superuser.execute(f"CREATE ROLE {READER}")
    owner, reader = cluster.superuser(DATABASE), cluster.superuser(DATABASE)
    owner.execute(SCHEMA.encode())
    for statement in grants():
        owner.execute(statement.encode())
    owner.execute("SET search_path = ''")
    reader.execute(f"SET SESSION AUTHORIZATION {READER}")
    reader.execute("SET search_path = ''")
    yield Engine(owner, reader)
    owner.close()
    reader.close()
    with cluster.superuser("postgres") as superuser:
        superuser.execute(f"DROP DATABASE {DATABASE}")
        superuser.execute(f"DROP ROLE {READER}")


def grants() -> list[str]:
    statements = [f"GRANT USAGE ON SCHEMA public, sales TO {READER}"]
    for table in CATALOG.tables:
        columns = ", ".join(f'"{column}"' for column in table.columns or ())
        listed = f" ({columns})" if columns else ""
        statements.append(f'GRANT SELECT{listed} ON {table.schema}."{table.name}" TO {READER}')
    return statements


@pytest.mark.parametrize("entry", each(corpus("accept")))
def test_rendered_query_gives_what_the_original_gives(entry: Entry, engine: Engine) -> None:
    rendered = engine.reader.execute(accepted(entry.sql).sql.encode()).fetchall()
    if entry.name in _NEEDS_THE_GUARD:
        return
    engine.owner.execute("SET search_path = public")
    original = engine.owner.execute(entry.sql.strip("; \n").encode()).fetchall()
    engine.owner.execute("SET search_path = ''")
    if "*" in entry.sql.partition("FROM")[0] or entry.sql.startswith("TABLE"):
        # A star means the listed columns only.
        assert len(rendered) == len(original)
    else:
        assert rendered == original


def test_random_queries_need_no_right_beyond_the_catalog(engine: Engine) -> None:
    planned = 0
    for seed in range(QUERIES):
        sql = Writer(Random(seed)).query()  # noqa: S311 - to repeat a query, not a secret
        answer = ask(sql)
        if isinstance(answer, ValidatedQuery):
            planned += engine.plans_for_both(answer.sql)
    assert planned >= QUERIES // 20


def test_mutated_queries_need_no_right_beyond_the_catalog(engine: Engine) -> None:
    texts = [e.sql for e in (*corpus("accept"), *corpus("reject")) if 0 < len(e.sql) < 2_000]
    for seed in range(QUERIES):
        random = Random(seed)  # noqa: S311 - to repeat a query, not to keep a secret
        answer = ask(mutate(random.choice(texts), random))
        if isinstance(answer, ValidatedQuery):
            engine.plans_for_both(answer.sql)
