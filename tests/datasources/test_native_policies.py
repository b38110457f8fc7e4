"""PostgreSQL's own row security: installed by a command, told by each query, equal to rewriting."""

import os
import random

import psycopg
import pytest

from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.datasources import native, row_policies, sensitive
from atlas.datasources.query import EngineFailed, QueryOutcome, run_query
from atlas.datasources.reloading import reload_layer
from atlas.management import native_policies
from atlas.runtime.local_postgres import SUPERUSER
from atlas.semantic.entities import Dimension, Entity, Source
from atlas.semantic.layer import SemanticLayer
from atlas.sql.policies.native import claim_texts, native_policy
from atlas.sql.policies.rows import Condition, PolicyError, RowPolicies, RowPolicy
from atlas.sql.policies.sensitive import SensitiveQueries, SensitiveQuery
from atlas.sql.types import Table
from plugins_app.builtin.postgres import postgres
from plugins_app.host.facets import connections
from plugins_app.sdk import QueryLimits

pytestmark = pytest.mark.django_db(transaction=True)

DATABASE = "native_policies_tests"
READER = "native_reader"
SETUP = f"""
CREATE ROLE {READER} LOGIN PASSWORD 'canary-9d1e';
CREATE ROLE native_other LOGIN;
CREATE SCHEMA sales;
CREATE DOMAIN sales.tenant AS varchar(5);
CREATE TABLE sales.orders (id int PRIMARY KEY, tenant varchar(5), team int, code char(4),
    at date, note text);
INSERT INTO sales.orders SELECT n, (ARRAY['acme', 'bolt', NULL])[1 + n % 3], n % 4,
    (ARRAY['a', 'ab'])[1 + n % 2], DATE '2026-01-01' + n, 'note ' || n
    FROM generate_series(1, 60) AS n;
CREATE TABLE sales."Lines" (id int, "Tenant" sales.tenant, total numeric, order_id int);
INSERT INTO sales."Lines" SELECT n, (ARRAY['acme', 'bolt'])[1 + n % 2], n * 1.5, n % 61
    FROM generate_series(1, 90) AS n;
CREATE TABLE sales.products (id int, name text);
INSERT INTO sales.products SELECT n, 'p' || n FROM generate_series(1, 5) AS n;
CREATE VIEW sales.recent AS SELECT * FROM sales.orders WHERE id > 30;
GRANT USAGE ON SCHEMA sales TO {READER}, native_other;
GRANT SELECT ON ALL TABLES IN SCHEMA sales TO {READER}, native_other;
"""


def entity(name, table, *columns):
    return Entity(
        name=name,
        table=table,
        schema_name="sales",
        primary_key=("id",),
        dimensions=tuple(Dimension(name=c.lower(), sql=f'"{c}"') for c in columns),
    )


LAYER = SemanticLayer(
    source=Source(datasource="sales", as_of="max(orders.at)"),
    entities=(
        entity("orders", "orders", "id", "tenant", "team", "code", "at", "note"),
        entity("lines", "Lines", "id", "Tenant", "total", "order_id"),
        entity("products", "products", "id", "name"),
        entity("recent", "recent", "id", "tenant"),
    ),
)
TENANT = RowPolicy("tenant", ("orders", "Lines"), column="tenant", claim="org.tenant")
TEAM = RowPolicy("team", ("orders",), conditions=(Condition("team", "teams", kind="integer"),))
CODE = RowPolicy("code", ("orders",), column="code", claim="code")
CLAIMS = {"org": {"tenant": "acme"}, "teams": [1, 2], "code": "ab"}
WORLDS = [
    ((TENANT,), "and"),
    ((TENANT, TEAM), "and"),
    ((TENANT, TEAM), "or"),
    ((CODE,), "and"),
    ((TENANT, TEAM, CODE), "or"),
]
# make test-long runs many more.
QUERIES = 40 if not os.environ.get("ATLAS_TEST_LONG") else 2_000


@pytest.fixture(scope="module")
def server(cluster):
    with cluster.superuser("postgres") as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    with cluster.superuser(DATABASE) as connection:
        connection.execute(SETUP)
    yield cluster
    with cluster.superuser("postgres") as connection:
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        connection.execute(f"DROP ROLE {READER}, native_other")


@pytest.fixture
def policies():
    def run(*given, combine="and"):
        row_policies.set_row_policies(RowPolicies(given, combine=combine))

    yield run
    row_policies.set_row_policies(RowPolicies())


@pytest.fixture
def owner(server):
    return server.url(SUPERUSER, DATABASE)


@pytest.fixture
def sales(server, install, owner, policies):
    """The datasource; at the end nothing of the test is left in its database."""
    parts = psycopg.conninfo.conninfo_to_dict(owner)
    url = f"postgresql://{READER}:canary-9d1e@/{DATABASE}?host={parts['host']}"
    install(postgres(url=url, id="sales"))
    yield
    with server.superuser(DATABASE) as connection:
        for table in ("orders", '"Lines"'):
            connection.execute(f"DROP POLICY IF EXISTS atlas_rows ON sales.{table}")
            connection.execute(f"DROP POLICY IF EXISTS atlas_others ON sales.{table}")
            connection.execute(f"ALTER TABLE sales.{table} DISABLE ROW LEVEL SECURITY")


@pytest.fixture
def put_in(sales, owner, monkeypatch):
    """Run the command's own steps: plan, install, plan again."""
    monkeypatch.setattr(native_policies, "needed_layer", lambda _env, _name: LAYER)

    async def run():
        plans = await native_policies.plan_of("sales")
        await in_db(native_policies.install, owner, plans)
        native.forget("sales")
        return {plan.name: plan.state for plan in await native_policies.plan_of("sales")}

    return run


@pytest.fixture
def ask(ann):
    async def run(sql, claims=CLAIMS):
        await in_db(User.objects.filter(pk=ann.pk).update, claims=claims)
        return await run_query(Principal.of(ann), "sales", sql, layer=LAYER)

    return run


async def sent_last():
    """The tables that the last query left to the engine."""
    entry = await in_db(AuditEntry.objects.filter(event="query.started").latest, "id")
    return entry.body["native"]


COUNT = "SELECT count(*) AS n, min(tenant) AS low, max(tenant) AS high FROM orders"


async def test_installed_policies_limit_what_each_query_reads(ask, put_in, policies):
    policies(TENANT)
    rewritten = await ask(COUNT)
    assert await sent_last() == []

    assert await put_in() == {
        "sales.orders": "native",
        "sales.Lines": "native",
    }
    kept = await ask(COUNT)

    assert kept.rows == rewritten.rows == [[20, "acme", "acme"]]
    assert await sent_last() == ["sales.orders"]
    both = await ask(COUNT, {"org": {"tenant": ["acme", "bolt"]}})
    assert both.rows == [[40, "acme", "bolt"]]
    none = await ask(COUNT, {"org": {"tenant": "nobody"}})
    assert none.rows == [[0, None, None]]


async def test_a_missing_claim_refuses_before_the_engine_is_asked(ask, put_in, policies):
    policies(TENANT)
    await put_in()

    refused = await ask(COUNT, {})

    assert refused.rejection.code == "no_claim"


@pytest.mark.parametrize("told", ["", "SET atlas.claims = ''", "SET atlas.claims = '{}'"])
async def test_the_engine_shows_nothing_to_a_session_without_claims(put_in, policies, server, told):
    policies(TENANT)
    await put_in()
    parts = psycopg.conninfo.conninfo_to_dict(server.url(database=DATABASE))
    url = f"postgresql://{READER}:canary-9d1e@/{DATABASE}?host={parts['host']}"
    with psycopg.connect(url) as connection:
        if told:
            connection.execute(told)
        try:
            found = connection.execute("SELECT count(*) FROM sales.orders").fetchone()[0]
        except psycopg.Error:
            found = 0
    assert found == 0


async def test_claims_are_gone_with_the_query(ask, put_in, policies):
    policies(TENANT)
    await put_in()
    assert isinstance(await ask(COUNT), QueryOutcome)

    with pytest.raises(Exception, match=r"atlas\.claims|json"):
        await connections.query(
            "sales", "SELECT id FROM sales.orders", timeout_ms=5_000, limits=QueryLimits()
        )


async def test_other_logins_of_the_database_go_on_as_before(put_in, policies, server):
    policies(TENANT)
    await put_in()

    with server.superuser(DATABASE) as connection:
        connection.execute("SET ROLE native_other")
        assert connection.execute("SELECT count(*) FROM sales.orders").fetchone()[0] == 60


TAMPERED = [
    "ALTER POLICY atlas_rows ON sales.orders USING (true)",
    "ALTER POLICY atlas_rows ON sales.orders TO native_other",
    "ALTER TABLE sales.orders DISABLE ROW LEVEL SECURITY",
    "DROP POLICY atlas_rows ON sales.orders",
    "COMMENT ON POLICY atlas_rows ON sales.orders IS NULL",
    f"ALTER ROLE {READER} BYPASSRLS",
]


@pytest.mark.parametrize("change", TAMPERED)
async def test_a_policy_that_changed_under_a_query_is_noticed_there(
    ask, put_in, policies, server, change
):
    policies(TENANT)
    await put_in()
    assert isinstance(await ask(COUNT), QueryOutcome)
    try:
        with server.superuser(DATABASE) as connection:
            connection.execute(change)

        first, second = await ask(COUNT), await ask(COUNT)

        assert isinstance(first, EngineFailed)
        assert (first.code, first.retryable) == ("policies_changed", True)
        assert second.rows == [[20, "acme", "acme"]]
        assert await sent_last() == []
        (plan,) = [p for p in await native_policies.plan_of("sales") if p.name == "sales.orders"]
        assert not plan.holds
        assert (await put_in())["sales.orders"] == "native" or "BYPASSRLS" in change
    finally:
        with server.superuser(DATABASE) as connection:
            connection.execute(f"ALTER ROLE {READER} NOBYPASSRLS")


async def test_a_new_rule_of_the_operator_is_rewritten_until_it_is_installed(ask, put_in, policies):
    policies(TENANT)
    await put_in()
    policies(TENANT, TEAM)
    native.forget("sales")

    narrower = await ask(COUNT)

    assert await sent_last() == []
    await put_in()
    assert (await ask(COUNT)).rows == narrower.rows
    assert await sent_last() == ["sales.orders"]


async def test_what_is_not_covered_any_more_is_taken_away(ask, put_in, policies, server):
    policies(TENANT)
    await put_in()
    policies()

    await put_in()

    assert (await ask(COUNT)).rows == [[60, "acme", "bolt"]]
    with server.superuser(DATABASE) as connection:
        left = connection.execute("SELECT count(*) FROM pg_policy").fetchone()[0]
        on = connection.execute("SELECT count(*) FROM pg_class WHERE relrowsecurity").fetchone()[0]
    assert (left, on) == (0, 0)


async def test_the_cost_is_estimated_under_the_claims_too(ask, put_in, policies):
    policies(TENANT)
    await put_in()
    sensitive.set_sensitive_queries(SensitiveQueries((SensitiveQuery("dear", cost=0),)))
    try:
        needed = await ask(COUNT)
    finally:
        sensitive.set_sensitive_queries(SensitiveQueries())

    assert "It is estimated to cost" in needed.reasons[0]


async def test_a_view_stays_rewritten_beside_native_tables(ask, put_in, policies):
    policies(TENANT, RowPolicy("view", ("recent",), column="tenant", claim="org.tenant"))
    states = await put_in()

    assert states["sales.recent"] == "rewritten: no policy can be on a view"
    found = await ask("SELECT count(*) AS n FROM recent")
    assert found.rows == [[10]]
    assert await sent_last() == []


async def test_the_script_is_what_installs_it(sales, policies, owner, put_in):
    policies(TENANT, TEAM)
    text = native_policies.script(await native_policies.plan_of("sales"))

    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(text.encode())

    assert {p.state for p in await native_policies.plan_of("sales")} == {"native"}
    assert native_policies.script(await native_policies.plan_of("sales")) == ""


async def test_the_health_page_says_how_many_tables_it_holds_on(put_in, policies):
    from plugins_app.host import registry  # noqa: PLC0415 - the registry of this test

    policies(TENANT)
    await put_in()

    result = await registry.current().get("sales").plugin.health_check()

    assert (result.healthy, result.message) == (
        True,
        "The database itself keeps row policies on 2 tables",
    )


async def test_the_layer_is_read_without_the_day_that_is_protected(put_in, policies, tmp_path):
    policies(TENANT)
    await put_in()
    (tmp_path / "source.yml").write_text("datasource: sales\nas_of: max(orders.at)\n")
    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "orders.yml").write_text(
        "name: orders\nschema_name: sales\ntable: orders\nprimary_key: [id]\ndimensions:\n"
        "- {name: at, sql: at, type: date}\n- {name: tenant, sql: tenant}\n"
    )

    report = await reload_layer("sales", tmp_path)

    assert report.problems == ()
    assert "The last day of the data is not read: the database protects its rows." in (
        report.warnings
    )


# Equal to rewriting

KEYS = {"orders": "id", '"Lines"': "order_id", "products": "id"}


def from_item(rng, alias):
    table = rng.choice(["orders", '"Lines"', "products", "orders"])
    return f"{table} AS {alias}", f"{alias}.{KEYS[table]}"


def random_query(rng):
    """Joins of every kind, subqueries, sets and groups over protected and open tables."""
    left, left_key = from_item(rng, "a")
    right, right_key = from_item(rng, "b")
    join = rng.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
    base = f"{left} {join} {right} ON {left_key} = {right_key}"
    inner, inner_key = from_item(rng, "c")
    where = rng.choice(
        [
            "",
            f" WHERE {left_key} > 5 OR {right_key} < 50",
            f" WHERE EXISTS (SELECT 1 FROM {inner} WHERE {inner_key} = {left_key})",
            f" WHERE NOT EXISTS (SELECT 1 FROM {inner} WHERE {inner_key} = {left_key})",
            f" WHERE {left_key} NOT IN (SELECT {inner_key} FROM {inner})",
            f" WHERE {left_key} <= (SELECT max({inner_key}) FROM {inner})",
        ]
    )
    return rng.choice(
        [
            f"SELECT {left_key} AS x, {right_key} AS y FROM {base}{where}",
            f"SELECT {left_key} AS x, count(*) AS n FROM {base}{where} GROUP BY {left_key}",
            f"SELECT count(*) AS n, sum({right_key}) AS s FROM {base}{where}",
            f"SELECT {left_key} AS x FROM {left}{where.replace(right_key, left_key)}"
            f" EXCEPT SELECT {inner_key} FROM {inner}",
            f"WITH w AS (SELECT {inner_key} AS k FROM {inner})"
            f" SELECT {left_key} AS x FROM {base} WHERE {left_key} IN (SELECT k FROM w)",
            f"SELECT {left_key} AS x, (SELECT count(*) FROM {inner} WHERE {inner_key} = {left_key})"
            f" AS n FROM {left}",
        ]
    )


def multiset(outcome):
    assert isinstance(outcome, QueryOutcome), outcome
    return sorted(map(repr, outcome.rows))


@pytest.mark.parametrize(("given", "combine"), WORLDS)
async def test_native_equals_rewritten(ask, put_in, policies, monkeypatch, given, combine):
    seed = int(os.environ.get("ATLAS_FUZZ_SEED", "1"))
    rng = random.Random(f"{seed} {combine} {[policy.name for policy in given]}")  # noqa: S311 - a seed
    queries = [random_query(rng) for _ in range(QUERIES // len(WORLDS))]
    policies(*given, combine=combine)
    rewritten = [multiset(await ask(sql)) for sql in queries]
    await put_in()

    for sql, before in zip(queries, rewritten, strict=True):
        assert multiset(await ask(sql)) == before, sql
    assert await ask(COUNT)
    assert await sent_last() == ["sales.orders"]


# The condition by itself

ORDERS = Table("sales", "orders", None)


def test_quotes_in_names_and_claims_stay_inside_them():
    policy = RowPolicy("p", ("orders",), column='te"nant', claim="o'rg")
    made = native_policy(RowPolicies((policy,)), ORDERS, {'te"nant': "text"})

    assert made.condition.startswith('"te""nant" = ANY (')
    assert "-> 'o''rg'" in made.condition


def test_a_column_that_is_not_there_is_an_error_and_not_an_open_table():
    policy = RowPolicy("p", ("orders",), column="tenant", claim="org")
    with pytest.raises(PolicyError, match="no column tenant"):
        native_policy(RowPolicies((policy,)), ORDERS, {"id": "integer"})


def test_claims_are_told_as_texts():
    assert claim_texts({"a": ("x",), "b": (1, -2), "c": (True,)}) == {
        "a": ("x",),
        "b": ("1", "-2"),
        "c": ("true",),
    }
