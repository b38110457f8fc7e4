"""The same shop in PostgreSQL, DuckDB and MariaDB, each behind its own plugin."""

import dataclasses
import datetime
import threading
from pathlib import Path
from typing import Any

import duckdb as duckdb_driver
import psycopg
import pytest

from plugins_app.builtin.postgres import postgres
from plugins_app.reference.duckdb import duckdb
from plugins_app.reference.mysql import mysql
from plugins_app.sdk import Plugin
from tests.sql.witnesses import mariadb_server
from tests.sql.witnesses.mariadb_server import MariaDBServer

SECRET = "canary-5d1e"
ORDERS = [
    (
        number,
        ("Ana", "Bo", None)[number % 3],
        f"{number * 1.5:.2f}",
        datetime.date(2026, 1, 1) + datetime.timedelta(days=number),
    )
    for number in range(1, 3002)
]
TABLE = (
    "CREATE TABLE {schema}orders (id int PRIMARY KEY, customer varchar(40), total decimal(10, 2),"
    " placed date, secret varchar(40) DEFAULT 'hidden', big {big}, wide decimal(38, 8),"
    " moment {moment}, raw {raw}, note {text})"
)
TYPES = {
    "postgres": {"big": "bigint", "moment": "timestamp", "raw": "bytea", "text": "text"},
    "duckdb": {"big": "bigint", "moment": "timestamp", "raw": "blob", "text": "varchar"},
    "mariadb": {"big": "bigint", "moment": "datetime(6)", "raw": "blob", "text": "longtext"},
}
HEXADECIMAL = {
    "postgres": "'\\x00ff'", "duckdb": "'\\x00\\xFF'::blob", "mariadb": "x'00ff'"
}  # fmt: skip
# The first order also holds what is easily lost on the way.
EXACT = (
    "UPDATE {schema}orders SET big = 9223372036854775807,"
    " wide = 123456789012345678901234567890.12345678,"
    " moment = '2026-02-03 04:05:06.789012', raw = {raw}, note = 'a\tb “c” ünï' WHERE id = 1"
)


def statements(engine: str, schema: str) -> list[str]:
    """What makes the shop and a table that nobody listed."""
    rows = ", ".join(
        f"({number}, {'NULL' if name is None else repr(name)}, {total}, '{day}')"
        for number, name, total, day in ORDERS
    )
    return [
        TABLE.format(schema=schema, **TYPES[engine]),
        f"INSERT INTO {schema}orders (id, customer, total, placed) VALUES {rows}",
        EXACT.format(schema=schema, raw=HEXADECIMAL[engine]),
        f"CREATE TABLE {schema}salaries (id int)",
    ]


class PostgresShop:
    """In the session's PostgreSQL."""

    name = "postgres"
    DATABASE, READER = "engines_shop", "engines_reader"

    def __init__(self, cluster: Any) -> None:
        self._cluster = cluster
        with cluster.superuser("postgres") as connection:
            connection.execute(f"CREATE DATABASE {self.DATABASE}")
        with cluster.superuser(self.DATABASE) as connection:
            connection.execute("CREATE SCHEMA shop")
            for statement in statements(self.name, "shop."):
                connection.execute(statement)
            connection.execute(f"CREATE ROLE {self.READER} LOGIN PASSWORD '{SECRET}'")
            connection.execute(f"GRANT USAGE ON SCHEMA shop TO {self.READER}")
            connection.execute(f"GRANT SELECT ON shop.orders TO {self.READER}")

    def plugin(self) -> Plugin[Any]:
        parts = psycopg.conninfo.conninfo_to_dict(self._cluster.url(database=self.DATABASE))
        return postgres(
            url=f"postgresql://{self.READER}:{SECRET}@/{self.DATABASE}?host={parts['host']}"
        )

    def unreachable(self) -> Plugin[Any]:
        return postgres(url=f"postgresql://reader:{SECRET}@127.0.0.1:1/none")

    def running(self) -> int:
        """How many statements of the shop the server works at."""
        with self._cluster.superuser("postgres") as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state = 'active'"
                " AND usename = %s",
                [self.DATABASE, self.READER],
            ).fetchone()
        return int(found[0])

    def close(self) -> None:
        with self._cluster.superuser("postgres") as connection:
            connection.execute(f"DROP DATABASE {self.DATABASE} WITH (FORCE)")
            connection.execute(f"DROP ROLE {self.READER}")


class DuckdbShop:
    """In a file that only the plugin opens."""

    name = "duckdb"

    def __init__(self, folder: Path) -> None:
        # Named as its schema: the names of tables must not become ambiguous by that.
        self.path = folder / "shop.duckdb"
        with duckdb_driver.connect(str(folder / "new.duckdb")) as connection:
            connection.execute("CREATE SCHEMA shop")
            for statement in statements(self.name, "shop."):
                connection.execute(statement)
        (folder / "new.duckdb").rename(self.path)

    def plugin(self) -> Plugin[Any]:
        return duckdb(path=str(self.path))

    def unreachable(self) -> Plugin[Any]:
        return duckdb(path=str(self.path.with_name("canary-none.duckdb")))

    def running(self) -> int:
        """How many threads the plugin's calls are in: the engine works in this process."""
        return sum("shop" in one.name and "call" in one.name for one in threading.enumerate())

    def close(self) -> None:
        return None


class MariaDBShop:
    """In a MariaDB of the tests' own."""

    name = "mariadb"

    def __init__(self) -> None:
        if absent := mariadb_server.missing():
            pytest.skip(absent)
        self._server = MariaDBServer()
        self._root = self._server.connect()
        self.ask("CREATE DATABASE shop CHARACTER SET utf8mb4")
        for statement in statements(self.name, "shop."):
            self.ask(statement)
        self.ask(f"CREATE USER reader@localhost IDENTIFIED BY '{SECRET}'")
        self.ask("GRANT SELECT ON shop.orders TO reader@localhost")

    def url(self, user: str = f"reader:{SECRET}", scheme: str = "mariadb") -> str:
        """An address by which a login of the server is used."""
        return f"{scheme}://{user}@localhost/shop?unix_socket={self._server.folder / 'socket'}"

    def ask(self, sql: str) -> Any:
        """Run a statement as the superuser."""
        with self._root.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def plugin(self) -> Plugin[Any]:
        return mysql(url=self.url())

    def unreachable(self) -> Plugin[Any]:
        return mysql(url=f"mariadb://reader:{SECRET}@127.0.0.1:1/none")

    def running(self) -> int:
        """How many statements of the reader the server works at."""
        ((count,),) = self.ask(
            "SELECT count(*) FROM information_schema.processlist"
            " WHERE user = 'reader' AND command = 'Query'"
        )
        return int(count)

    def close(self) -> None:
        self._root.close()
        self._server.stop()


def as_shop(plugin: Plugin[Any]) -> Plugin[Any]:
    """The plugin under the id that the tests ask."""
    return dataclasses.replace(plugin, id="shop")
