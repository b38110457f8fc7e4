"""No row behind a policy fails a query: its value would stand in the message of the engine.

Own rows hold numbers as text, all others words, so that a cast fails on other people's rows only.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from atlas.sql import Catalog, Table, ValidatedQuery, validate
from atlas.sql.policies.restricting import restrict
from atlas.sql.policies.rows import RowPolicies, RowPolicy, filters_for

CATALOG = Catalog(
    (
        Table("public", "orders", ("id", "tenant", "name", "amount")),
        Table("public", "labels", ("id", "label")),
    ),
    "public",
)
POLICIES = RowPolicies((RowPolicy("own", ("orders",), "tenant", "tenant"),))
DATABASE = "policy_errors"
_BUILD = """
    CREATE TABLE orders (id int PRIMARY KEY, tenant text, name text, amount int);
    CREATE TABLE labels (id int PRIMARY KEY, label text);
    INSERT INTO orders SELECT n, CASE WHEN n % 2 = 0 THEN 'acme' ELSE 'zeta' END,
        CASE WHEN n % 2 = 0 THEN n::text ELSE 'secret ' || n END, n % 2 - 1
        FROM generate_series(1, 400) AS n;
    INSERT INTO labels SELECT n, n::text FROM generate_series(1, 400) AS n;
    CREATE INDEX ON orders (amount); CREATE INDEX ON orders (tenant); ANALYZE
"""
# Each fails on a row of zeta when it runs before the policy.
TRAPS = (
    "CAST(o.name AS int) > 0",
    "o.name::numeric > 0",
    "o.name::date IS NULL OR TRUE",
    "CAST(o.name AS boolean) IS NULL",
    "o.name::uuid IS NULL",
    "to_number(o.name, '999') > 0",
    "1 / o.amount < 5",
    "('[' || o.name || ']')::jsonb IS NOT NULL",
    "int4range(CAST(o.name AS int), NULL) IS NOT NULL",
)
PLACES = (
    "SELECT o.id FROM orders o WHERE {}",
    "SELECT {} FROM orders o",
    "SELECT l.id FROM labels l JOIN orders o ON o.id = l.id AND {}",
    "SELECT l.id FROM labels l LEFT JOIN orders o ON {} WHERE l.id < 9",
    "SELECT count(*) FROM orders o GROUP BY {}",
    "SELECT max(o.id) FROM orders o HAVING bool_or({})",
    "SELECT o.id FROM orders o ORDER BY {}",
    "SELECT count(*) FILTER (WHERE {}) FROM orders o",
    "SELECT l.id FROM labels l WHERE EXISTS (SELECT 1 FROM orders o WHERE o.id = l.id AND {})",
    "WITH c AS (SELECT * FROM orders) SELECT o.id FROM c o WHERE {}",
    "SELECT sum(o.id) OVER (PARTITION BY {}) FROM orders o",
    "SELECT o.id FROM orders o WHERE o.amount = 0 OR {}",
)
# Values that fail for the person's own rows too, which is for them to see.
_OWN_FAULTS = ("::uuid IS NULL", "::date IS NULL OR TRUE", "AS boolean) IS NULL")


@pytest.fixture(scope="module")
def engine(cluster: Any) -> Iterator[psycopg.Connection]:
    with cluster.superuser("postgres") as superuser:
        superuser.execute(f"CREATE DATABASE {DATABASE}")
    connection = cluster.superuser(DATABASE)
    connection.execute(_BUILD)
    yield connection
    connection.close()
    with cluster.superuser("postgres") as superuser:
        superuser.execute(f"DROP DATABASE {DATABASE}")


def sent(sql: str) -> str:
    checked = validate(sql, dialect="postgres", catalog=CATALOG)
    assert isinstance(checked, ValidatedQuery), checked
    filters = filters_for(POLICIES, {"tenant": "acme"}, [CATALOG.tables[0]])
    limited = restrict(checked, filters, catalog=CATALOG)
    assert isinstance(limited, ValidatedQuery), limited
    return limited.sql


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("trap", TRAPS)
def test_error_shows_no_row_of_another_tenant(
    trap: str, place: str, engine: psycopg.Connection
) -> None:
    said = ""
    try:
        engine.execute(sent(place.format(trap)).encode())
    except psycopg.Error as error:
        said = str(error)
    assert "secret" not in said
    assert not said or trap.endswith(_OWN_FAULTS)


def test_trap_works_without_a_policy(engine: psycopg.Connection) -> None:
    checked = validate(PLACES[0].format(TRAPS[0]), dialect="postgres", catalog=CATALOG)
    assert isinstance(checked, ValidatedQuery)
    with pytest.raises(psycopg.errors.InvalidTextRepresentation, match="secret"):
        engine.execute(checked.sql.encode())
