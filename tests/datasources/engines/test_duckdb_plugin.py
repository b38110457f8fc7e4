"""The DuckDB plugin by itself: one file, locked, read exactly, and opened again when it must be."""

import datetime
import decimal
import subprocess
import sys
import uuid

import duckdb as driver
import pytest

from plugins_app.reference.duckdb import duckdb
from plugins_app.sdk import MissingDriverError, PluginConfigError, PluginError, QueryLimits
from plugins_app.sdk.testing import assert_plugin_contract, outcome


def write(path, *statements):
    """A file as another process leaves it behind: whole, under its name."""
    new = path.with_suffix(".new")
    with driver.connect(str(new)) as connection:
        for statement in statements:
            connection.execute(statement)
    new.rename(path)


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "main.duckdb"
    write(
        made,
        "CREATE TABLE customers (id int PRIMARY KEY, name varchar)",
        "CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers (id))",
        "COMMENT ON TABLE orders IS 'What was bought'",
        "CREATE VIEW names AS SELECT name FROM customers",
        "INSERT INTO customers VALUES (1, 'Ana')",
    )
    return made


def rows(plugin, sql, **limits):
    connection = plugin.datasource.create()
    return outcome(connection.query(sql, 5_000, limits=QueryLimits(**limits))).rows


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({}, "needs url or path"),
        ({"url": "postgres://x"}, "url: must start with duckdb://"),
        ({"url": "duckdb://:memory:", "read_only": True}, "cannot be opened for reading only"),
        ({"path": "x", "memory_limit": "lots"}, "memory_limit: "),
    ],
)
def test_options_that_make_no_sense_are_refused(options, complaint):
    with pytest.raises(PluginConfigError, match=complaint):
        duckdb(**options)


async def test_it_keeps_the_contract_of_plugins(path):
    await assert_plugin_contract(duckdb(path=str(path)))
    await assert_plugin_contract(duckdb(path=str(path.with_name("none"))))


def test_an_address_wins_over_a_path_and_memory_is_empty(path):
    found = duckdb(url=f"duckdb://{path}", path="/nowhere")
    assert rows(found, "SELECT name FROM customers") == [("Ana",)]
    assert rows(duckdb(url="duckdb://:memory:"), "SELECT 1") == [(1,)]


EXACT = [
    ("CAST('1.10' AS DECIMAL(4, 2))", decimal.Decimal("1.10")),
    ("CAST(1 AS HUGEINT) << 100", 1 << 100),
    ("DATE '2026-02-03'", datetime.date(2026, 2, 3)),
    ("DATE '12026-02-03'", "12026-02-03"),
    ("TIMESTAMP_NS '2026-02-03 04:05:06.123456789'", "2026-02-03 04:05:06.123456789"),
    (
        "TIMESTAMPTZ '2026-02-03 04:05:06+02'",
        datetime.datetime(2026, 2, 3, 2, 5, 6, tzinfo=datetime.UTC),
    ),
    ("[TIMESTAMPTZ '2026-02-03 04:05:06+02']", "['2026-02-03 02:05:06+00']"),
    ("INTERVAL '1 month 2 days'", "1 month 2 days"),
    ("{'a': [1, NULL], 'b': MAP {'k': 2.5}}", {"a": [1, None], "b": {"k": decimal.Decimal("2.5")}}),
    ("'\\x00\\xFF'::BLOB", b"\x00\xff"),
    ("UUID '00000000-0000-0000-0000-000000000001'", uuid.UUID(int=1)),
    ("'a' || chr(0)", "a\0"),
]


@pytest.mark.parametrize(("expression", "value"), EXACT)
def test_values_come_as_the_engine_has_them(path, expression, value):
    found = rows(duckdb(path=str(path)), f"SELECT {expression} AS x, 'last' AS x")
    assert list(found[0]) == [value, "last"]


def test_columns_keep_their_names_and_rows_their_order_when_values_are_written_out(path):
    connection = duckdb(path=str(path)).datasource.create()
    sql = 'SELECT i AS "a b", INTERVAL 1 DAY * i AS i FROM range(3) t(i) ORDER BY i DESC LIMIT 2'
    found = outcome(connection.query(sql))
    assert (list(found.columns), [list(row) for row in found.rows]) == (
        ["a b", "i"],
        [[2, "2 days"], [1, "1 day"]],
    )


LOCKED = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "COPY customers TO '{folder}/x.csv'",
    "ATTACH '{folder}/x.duckdb'",
    "EXPORT DATABASE '{folder}/x'",
    "INSERT INTO customers VALUES (2, 'Bo')",
    "CREATE TABLE x (id int)",
    "CREATE TABLE memory.main.x (id int)",
    "SET memory_limit = '8GB'",
    "SET enable_external_access = true",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SELECT 1; DELETE FROM customers",
]


@pytest.mark.parametrize("read_only", [True, False])
def test_nothing_is_written_and_nothing_but_the_file_is_read(path, tmp_path, read_only):
    plugin = duckdb(path=str(path), read_only=read_only)
    before = {one.name for one in tmp_path.iterdir()}
    for statement in LOCKED:
        with pytest.raises(PluginError):
            rows(plugin, statement.format(folder=tmp_path))
    assert rows(plugin, "SELECT count(*) FROM customers") == [(1,)]
    outcome(plugin.datasource.create().close())
    assert {one.name for one in tmp_path.iterdir()} == before


def test_a_file_that_comes_later_is_opened_then(tmp_path):
    late = tmp_path / "late.duckdb"
    plugin = duckdb(path=str(late))
    with pytest.raises(PluginError, match=r"There is no database file late\.duckdb\. Check"):
        rows(plugin, "SELECT 1")
    late.write_text("no database")
    with pytest.raises(PluginError, match="The file is no DuckDB database"):
        rows(plugin, "SELECT 1")
    write(late, "CREATE TABLE t AS SELECT 7 AS id")
    assert rows(plugin, "SELECT id FROM t") == [(7,)]


def test_a_file_that_was_replaced_is_read_anew(path):
    plugin = duckdb(path=str(path))
    assert rows(plugin, "SELECT name FROM customers") == [("Ana",)]
    # Another process: this one has the old file open.
    make = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute(sys.argv[2])"
    new = path.with_name("night.duckdb")
    sql = "CREATE TABLE customers AS SELECT 'Zoe' AS name"
    subprocess.run([sys.executable, "-c", make, str(new), sql], check=True)
    new.rename(path)
    assert rows(plugin, "SELECT name FROM customers") == [("Zoe",)]


def test_one_file_is_read_under_other_settings_at_the_same_time(path):
    made = [duckdb(path=str(path), threads=number, memory_limit=f"{number}GB") for number in (1, 2)]
    asked = "SELECT current_setting('threads'), name FROM customers"
    assert [rows(one, asked) for one in made] == [[(1, "Ana")], [(2, "Ana")]]


def test_a_file_that_is_being_written_is_said_to_be(path):
    hold = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True);"
        " sys.stdin.read()"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with writer:
        assert writer.stdout.readline() == b"open\n"
        with pytest.raises(PluginError, match="Another process has the database file open") as told:
            rows(duckdb(path=str(path)), "SELECT 1")
        writer.stdin.close()
    assert told.value.sqlstate == "08001"


def test_a_query_takes_no_more_memory_than_it_may(path):
    small = duckdb(path=str(path), memory_limit="50MB")
    with pytest.raises(PluginError) as told:
        rows(small, "SELECT count(*) FROM (SELECT DISTINCT hash(i) FROM range(20000000) t(i))")
    assert told.value.sqlstate == "53200"
    assert rows(small, "SELECT count(*) FROM range(20000000)") == [(20000000,)]


@pytest.mark.parametrize(
    ("sql", "state", "position"),
    [
        ("SELECT nme FROM customers", "42703", 8),
        ("SELECT name\nFROM nobody", "42P01", 18),
        ("SELECT CAST('Ana' AS int) AS x", "22000", None),
        ("SELECT INTERVAL 1 DAY AS d, nme FROM customers", "42703", 29),
    ],
)
def test_errors_have_their_class_and_their_place(path, sql, state, position):
    with pytest.raises(PluginError) as told:
        rows(duckdb(path=str(path)), sql)
    assert told.value.sqlstate == state
    assert position in (None, told.value.position)


def test_the_report_says_how_the_file_is_opened_and_what_nobody_lists(path):
    report = outcome(duckdb(path=str(path)).datasource.inspect_account(["main.orders"]))
    assert report.unlisted == ("main.customers", "main.names")
    assert (report.superuser, report.writable, report.warnings) == (False, (), ())
    assert report.server_version.startswith("v")
    open_for_writing = duckdb(path=str(path), read_only=False).datasource
    warnings = outcome(open_for_writing.inspect_account([])).warnings
    assert warnings == ("The file is opened for writing; leave read_only as it is.",)


def test_tables_are_described_with_their_keys(path):
    found = outcome(duckdb(path=str(path)).datasource.inspect_tables())
    assert [(one.schema, one.name, one.primary_key) for one in found] == [
        ("main", "customers", ("id",)),
        ("main", "names", ()),
        ("main", "orders", ("id",)),
    ]
    orders = found[2]
    assert orders.comment == "What was bought"
    assert [(one.name, one.type) for one in orders.columns] == [
        ("id", "INTEGER"),
        ("customer", "INTEGER"),
    ]
    (key,) = orders.foreign_keys
    assert (key.columns, key.table, key.target_columns) == (("customer",), "customers", ("id",))


def test_without_the_driver_the_command_that_installs_it_is_said(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingDriverError, match=r'pip install "duckdb~=1\.5"$'):
        rows(duckdb(path=str(path)), "SELECT 1")
