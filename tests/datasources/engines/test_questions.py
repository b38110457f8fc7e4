"""The demo's questions give the same figures on every engine, in that engine's own words."""

import asyncio
import datetime as dt
import decimal
import os
from collections import Counter
from typing import Any

import duckdb as duckdb_driver
import pytest

from atlas.analyst import Answer, Situation, analyse
from atlas.demo.place import SEMANTIC_DIR
from atlas.semantic.check import probe_queries
from atlas.semantic.compile import compile_query
from atlas.semantic.loader import load_layer
from atlas.semantic.query import Filter, Query
from atlas.semantic.refresh import refresh_queries, refreshed
from atlas.semantic.translating import date_columns, in_dialect
from atlas.sql import Options, ValidatedQuery, validate
from plugins_app.builtin.postgres import postgres
from plugins_app.reference.duckdb import duckdb
from plugins_app.reference.mysql import mysql
from plugins_app.sdk import PluginError, QueryLimits
from tests.demo.conftest import shop  # noqa: F401 - pytest finds the fixture by its name

pytestmark = pytest.mark.engines

TODAY = dt.date(2026, 5, 6)
# Of what the layer holds; the questions below are all asked.
EVERY = 1 if os.environ.get("ATLAS_TEST_LONG") else 8
MOST = QueryLimits(max_rows=10_000)
TYPES = {
    "integer": "int", "smallint": "smallint", "bigint": "bigint", "date": "date",
    "boolean": "boolean", "numeric": "decimal(20, 6)", "real": "double",
    "double precision": "double", "timestamp without time zone": "timestamp",
}  # fmt: skip
QUESTIONS = (
    "What was our revenue by week this quarter?",
    "What was our revenue by day this month?",
    "What was our revenue by quarter since 2024?",
    "How did revenue grow by year?",
    "Revenue this year vs last year by category",
    "Orders by weekday",
    "Revenue and orders by month this year",
    "What is the average delivery time by shipper?",
    "How many orders are not shipped?",
    "What share of revenue does each category have?",
    "How many customers ordered more than 5 times?",
    "Average revenue per customer by country",
)


def containing(text: str) -> Query:
    """Whose names hold a text; % and _ stand for themselves."""
    wanted = Filter(dimension="products.product_name", op="contains", values=(text,))
    return Query(kind="list", entity="products", filters=(wanted,))


QUERIES = (containing("cha"), containing("%"), containing("_"), containing("'"), containing("\\"))


def copied(kinds: dict[str, str], table: Any, rows: Any) -> tuple[str, list[str]]:
    """A statement that makes a table, and those that fill it."""
    columns = ", ".join(f"{one.name} {TYPES.get(one.type, kinds['text'])}" for one in table.columns)
    values = ["(" + ", ".join(map(literal, row)) + ")" for row in rows]
    return f"CREATE TABLE public.{table.name} ({columns})", [
        f"INSERT INTO public.{table.name} VALUES {', '.join(values[at : at + 500])}"
        for at in range(0, len(values), 500)
    ]


def literal(value: object) -> str:
    if value is None or isinstance(value, bytes):
        return "NULL"
    if isinstance(value, bool | int | float | decimal.Decimal):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


@pytest.fixture(scope="module")
def source(shop):  # noqa: F811 - the fixture
    """The demo's database, and all of its rows."""
    plugin = postgres(url=shop.reader_url)
    tables = asyncio.run(plugin.datasource.inspect_tables())
    with shop.as_reader() as connection:
        rows = {
            one.name: connection.execute(f"SELECT * FROM public.{one.name}".encode()).fetchall()
            for one in tables
        }
    return plugin, [(one, rows[one.name]) for one in tables]


@pytest.fixture(scope="module", params=["duckdb", "mariadb"])
def other(request, source, tmp_path_factory):
    """The same rows in another engine: its dialect and its plugin."""
    _plugin, tables = source
    if request.param == "duckdb":
        folder = tmp_path_factory.mktemp("demo")
        with duckdb_driver.connect(str(folder / "new.duckdb")) as connection:
            connection.execute("CREATE SCHEMA public")
            for table, rows in tables:
                for statement in flat(copied({"text": "varchar"}, table, rows)):
                    connection.execute(statement)
        (folder / "new.duckdb").rename(folder / "demo.duckdb")
        yield request.param, duckdb(path=str(folder / "demo.duckdb"))
        return
    server = request.getfixturevalue("mariadb_shop")
    server.ask("CREATE DATABASE public CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
    for table, rows in tables:
        for statement in flat(copied({"text": "varchar(500)"}, table, rows)):
            server.ask(statement)
    server.ask("CREATE USER asker@localhost")
    server.ask("GRANT SELECT ON public.* TO asker@localhost")
    yield request.param, mysql(url=server.url("asker").replace("/shop?", "/public?"))
    server.ask("DROP DATABASE public")
    server.ask("DROP USER asker@localhost")


def flat(made: tuple[str, list[str]]) -> list[str]:
    return [made[0], *made[1]]


@pytest.fixture(scope="module")
def layer(source):
    found = load_layer(SEMANTIC_DIR)
    queries = refresh_queries(found)
    texts = dict(zip(queries.values, ask(source[0], queries.values.values()), strict=True))
    values = {ref: [row[0] for row in rows] for ref, rows in texts.items()}
    return refreshed(found, as_of=TODAY, values=values)


def ask(plugin, texts):
    """The rows of each statement."""

    async def run():
        connection = plugin.datasource.create()
        connection = await connection if asyncio.iscoroutine(connection) else connection
        try:
            return [await rows(connection, text) for text in texts]
        finally:
            await connection.close()

    async def rows(connection, text):
        try:
            return (await connection.query(text, 20_000, limits=MOST)).rows
        except PluginError as error:
            return [(f"{error} {text}",)]

    return asyncio.run(run())


def checked(text, dialect, layer):
    passed = validate(
        in_dialect(text, dialect, date_columns(layer)),
        dialect=dialect,
        catalog=layer.catalog(),
        options=Options(max_rows=MOST.max_rows),
    )
    assert isinstance(passed, ValidatedQuery), (text, passed)
    return passed.sql


def alike(rows):
    return Counter(tuple(map(_alike, row)) for row in rows)


def _alike(value):
    if isinstance(value, bool | int | float | decimal.Decimal):
        return f"{float(value):.5g}"
    return str(value)[:10] if isinstance(value, dt.date) else value


def test_every_figure_is_the_same_as_on_postgres(source, other, layer):
    dialect, plugin = other
    texts = [one.sql for one in probe_queries(layer, today=TODAY)][::EVERY]
    for question in QUESTIONS:
        found = analyse(question, Situation(layer, TODAY))
        assert isinstance(found, Answer), question
        texts.append(compile_query(layer, found.query, today=TODAY).sql)
    texts += [compile_query(layer, query, today=TODAY).sql for query in QUERIES]
    assert len(texts) > 100 / EVERY
    here = ask(source[0], [checked(text, "postgres", layer) for text in texts])
    there = ask(plugin, [checked(text, dialect, layer) for text in texts])
    different = {
        text: (
            sorted((alike(one) - alike(two)).items(), key=str)[:3],
            sorted((alike(two) - alike(one)).items(), key=str)[:3],
        )
        for text, one, two in zip(texts, here, there, strict=True)
        # Which row comes first is nobody's promise.
        if not text.endswith("LIMIT 1") and alike(one) != alike(two)
    }
    assert different == {}
