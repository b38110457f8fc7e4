"""The PostgreSQL datasource reads within limits, cancels on the server and writes nothing."""

import asyncio
import datetime
import decimal

import psycopg
import pytest

from plugins_app.builtin.postgres import postgres
from plugins_app.host.errors import PluginFailed
from plugins_app.host.facets import connections
from plugins_app.host.upkeep import health
from plugins_app.sdk import PluginConfigError, QueryLimits
from plugins_app.sdk.testing import assert_plugin_contract
from tests.polling import until

DATABASE = "plugin_postgres_tests"
PASSWORD = "canary-7f3a91"
SETUP = """
CREATE ROLE plugin_reader LOGIN;
CREATE ROLE plugin_writer LOGIN CREATEDB;
CREATE TABLE orders (id int PRIMARY KEY, total numeric(10, 2), at date);
INSERT INTO orders SELECT n, n * 1.5, DATE '2026-01-01' + n FROM generate_series(1, 5000) AS n;
CREATE TABLE hidden (id int);
GRANT SELECT ON orders TO plugin_reader;
GRANT SELECT, INSERT ON orders, hidden TO plugin_writer;
GRANT CREATE ON SCHEMA public TO plugin_writer;
GRANT pg_read_server_files TO plugin_writer;
"""


@pytest.fixture(scope="module")
def server(cluster):
    """A database with a reader and a writer."""
    with cluster.superuser("postgres") as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    with cluster.superuser(DATABASE) as connection:
        connection.execute(SETUP)
        for role in ("plugin_reader", "plugin_writer"):
            connection.execute(f"ALTER ROLE {role} PASSWORD '{PASSWORD}'")
    yield cluster
    with cluster.superuser("postgres") as connection:
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        connection.execute("DROP ROLE plugin_reader, plugin_writer")


def url(server, role="plugin_reader", *, password=PASSWORD):
    parts = psycopg.conninfo.conninfo_to_dict(server.url(database=DATABASE))
    return f"postgresql://{role}:{password}@/{DATABASE}?host={parts['host']}"


@pytest.fixture
async def open_source(server, registered):
    opened = []

    def register(role="plugin_reader", **options):
        opened.extend(registered(postgres(url=url(server, role), id="warehouse", **options)))
        return opened[-1]

    yield register
    for entry in opened:
        await connections.close(entry)


async def query(sql, *, timeout_ms=5000, **limits):
    return await connections.query(
        "warehouse", sql, timeout_ms=timeout_ms, limits=QueryLimits(**limits)
    )


async def value(sql):
    return (await query(sql)).rows[0][0]


def test_only_postgres_addresses_are_accepted():
    with pytest.raises(PluginConfigError) as caught:
        postgres(url="mysql://root:canary@h/x")
    assert str(caught.value) == (
        'Plugin "postgres" has an invalid configuration:'
        " url: must start with postgresql:// or postgres://."
    )


async def test_columns_and_values_come_back_typed(open_source):
    open_source()
    result = await query("SELECT id, total, at FROM orders ORDER BY id LIMIT 2")
    assert list(result.columns) == ["id", "total", "at"]
    assert [tuple(row) for row in result.rows] == [
        (1, decimal.Decimal("1.50"), datetime.date(2026, 1, 2)),
        (2, decimal.Decimal("3.00"), datetime.date(2026, 1, 3)),
    ]
    assert not result.truncated


async def test_an_empty_result_has_its_columns(open_source):
    open_source()
    result = await query("SELECT id FROM orders WHERE id < 0")
    assert (list(result.columns), list(result.rows), result.truncated) == (["id"], [], False)


@pytest.mark.parametrize(
    ("max_rows", "rows", "truncated"),
    [(10, 10, True), (4999, 4999, True), (5000, 5000, False), (6000, 5000, False)],
)
async def test_rows_are_limited(open_source, max_rows, rows, truncated):
    open_source()
    result = await query("SELECT id FROM orders", max_rows=max_rows)
    assert (len(result.rows), result.truncated) == (rows, truncated)


async def test_bytes_are_limited(open_source):
    open_source()
    wide = "SELECT repeat('x', 10000) FROM generate_series(1, 100000)"
    result = await query(wide, max_rows=100_000, max_bytes=1_000_000)
    assert (len(result.rows), result.truncated) == (100, True)


SETTINGS = [
    ("transaction_read_only", "on"),
    ("statement_timeout", "5s"),
    ("lock_timeout", "2s"),
    ("idle_in_transaction_session_timeout", "10s"),
    ("work_mem", "8MB"),
    ("application_name", "atlas"),
]


@pytest.mark.parametrize(("name", "shown"), SETTINGS)
async def test_each_query_has_the_limits_of_the_server(open_source, name, shown):
    open_source(work_mem="8MB")
    assert await value(f"SELECT current_setting('{name}')") == shown


WRITES = [
    "INSERT INTO orders VALUES (0, 0, NULL)",
    "WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone",
    "CREATE TABLE x (id int)",
    "SELECT 1; INSERT INTO orders VALUES (0, 0, NULL)",
    "COMMIT",
    "SELECT nextval('atlas_numbers')",
    "SELECT set_config('transaction_read_only', 'off', true), 1 / 0",
]


@pytest.mark.parametrize("sql", WRITES)
async def test_not_even_a_login_that_may_write_writes(open_source, server, sql):
    with server.superuser(DATABASE) as connection:
        connection.execute("CREATE SEQUENCE IF NOT EXISTS atlas_numbers")
        connection.execute("GRANT ALL ON SEQUENCE atlas_numbers TO plugin_writer")
    open_source("plugin_writer")
    with pytest.raises(PluginFailed):
        await query(sql)
    assert await value("SELECT count(*) FROM orders") == 5000


async def test_nothing_of_a_query_is_left_for_the_next(open_source):
    open_source(pool_size=1)
    await query("SELECT set_config('search_path', 'pg_catalog', false)")
    await query("SELECT pg_advisory_lock(7)")
    assert await value("SELECT current_setting('search_path')") == '"$user", public'
    assert await value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0


@pytest.fixture
def odd_login(server):
    """The reader's sessions begin with settings under which texts are read as other ones."""
    settings = {
        "standard_conforming_strings": "off",
        "client_encoding": "sjis",
        "intervalstyle": "iso_8601",
    }
    with server.superuser(DATABASE) as connection:
        for name, setting in settings.items():
            connection.execute(f"ALTER ROLE plugin_reader SET {name} = '{setting}'")
    yield
    with server.superuser(DATABASE) as connection:
        connection.execute("ALTER ROLE plugin_reader RESET ALL")


async def test_a_text_means_the_same_whatever_the_login_is_set_to(odd_login, open_source):
    open_source()
    # Where a backslash escapes, the second literal would be code: the text from its comma on.
    assert (await query(r"SELECT '\' AS a, ', 1 AS b, ' AS c")).rows == [("\\", ", 1 AS b, ")]
    assert await value("SELECT 'ソ' || chr(252)") == "ソü"
    assert await value("SELECT INTERVAL '1 day 2 hours'") == datetime.timedelta(days=1, hours=2)


async def test_a_percent_sign_is_only_a_percent_sign(open_source):
    open_source()
    assert await value("SELECT '100 %s %(x)s %%'") == "100 %s %(x)s %%"


ERRORS = [
    ("SELECT nothing FROM orders", 'column "nothing" does not exist.'),
    ("SELECT id FROM hidden", "permission denied for table hidden."),
    ("SELECT id FROM nowhere", 'relation "nowhere" does not exist.'),
    ("SELECT 1 / 0", "division by zero."),
]


@pytest.mark.parametrize(("sql", "message"), ERRORS)
async def test_errors_of_the_engine_are_passed_on(open_source, sql, message):
    open_source()
    with pytest.raises(PluginFailed) as caught:
        await query(sql)
    assert caught.value.user_message == f"The plugin “PostgreSQL” failed: {message}"
    assert await value("SELECT 1") == 1


async def test_a_slow_query_ends_at_its_deadline(open_source, monkeypatch):
    # The server is to strike first, also where a session takes long to begin.
    monkeypatch.setattr(connections, "QUERY_GRACE_S", 30.0)
    open_source()
    with pytest.raises(PluginFailed, match="The query took too long and was stopped"):
        await query("SELECT pg_sleep(30)", timeout_ms=50)
    assert await value("SELECT 1") == 1


async def test_cancelling_the_caller_stops_the_query_on_the_server(open_source, server):
    open_source(pool_size=1)
    task = asyncio.create_task(query("SELECT pg_sleep(30)", timeout_ms=30_000))
    await until(lambda: asyncio.to_thread(lambda: running(server) == 1), timeout_s=25)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: asyncio.to_thread(lambda: running(server) == 0))
    assert await value("SELECT 1") == 1


def running(server):
    with server.superuser(DATABASE) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE usename = 'plugin_reader' AND wait_event = 'PgSleep'"
        ).fetchone()
    return count


async def test_queries_run_side_by_side(open_source):
    open_source(pool_size=4)
    results = await asyncio.gather(*(value(f"SELECT {n}") for n in range(20)))
    assert results == list(range(20))


async def test_a_connection_that_was_lost_is_replaced(open_source, server):
    open_source(pool_size=1)
    pid = await value("SELECT pg_backend_pid()")
    with server.superuser(DATABASE) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert await value("SELECT 1") == 1


async def test_a_wrong_password_is_told_without_showing_it(server, registered):
    registered(postgres(url=url(server, password="canary-wrong")))
    result = (await health.check("postgres")).result
    assert not result.healthy
    assert result.message == "The database refused the login. Check its name and password."


async def test_a_database_that_does_not_exist_is_told(server, registered):
    registered(postgres(url=url(server).replace(f"/{DATABASE}", "/nowhere")))
    result = (await health.check("postgres")).result
    assert result.message == (
        "There is no such database or login on the server. Check the address."
    )


async def test_a_database_that_is_away_is_told_without_its_address(registered):
    registered(postgres(url="postgresql://root:canary-7f3a91@127.0.0.1:1/x"))
    result = (await health.check("postgres")).result
    assert result.message == (
        "The database cannot be reached. Check that it runs and that its address is right."
    )


async def test_health_and_contract(server, open_source):
    open_source()
    assert (await health.check("warehouse")).result.healthy
    await assert_plugin_contract(postgres(url=url(server)))
    await assert_plugin_contract(postgres(url="postgresql://127.0.0.1:1/x"))


async def test_a_reader_of_the_listed_tables_is_clean(open_source):
    open_source()
    report = await connections.inspect_account("warehouse", ["public.orders"])
    assert (report.user, report.superuser) == ("plugin_reader", False)
    assert (report.writable, report.unlisted, report.warnings) == ((), (), ())


async def test_what_a_login_may_do_too_much_is_listed(open_source):
    open_source("plugin_writer")
    report = await connections.inspect_account("warehouse", ["public.Orders"])
    assert report.writable == ("public.hidden", "public.orders")
    assert report.unlisted == ("public.hidden",)
    assert report.warnings == (
        "The login may create databases.",
        "The login may create objects in the schema public.",
        "The login is a member of pg_read_server_files.",
    )
