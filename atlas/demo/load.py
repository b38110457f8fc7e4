"""Puts the demo data into a Postgres database, all of it or nothing."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql

from atlas.demo.dimensions import TABLES
from atlas.demo.facts import DEFAULT_SEED, Plan
from atlas.demo.logins import READER, SyncConnection
from atlas.demo.stream import Block, blocks, heading

FOLDER = Path(__file__).parent
LISTED_TABLES = (*TABLES, "orders", "order_details")
ALL_TABLES = (*LISTED_TABLES, "demo_info")
# Two loads at once would wait for each other's tables in changing order.
LOCK_KEY = 0x6E6F727468


class Loaded(NamedTuple):
    """What a database of demo data holds."""

    as_of: dt.date
    seed: int
    scale: float
    fingerprint: str


def load(
    connection_url: str,
    *,
    as_of: dt.date | None = None,
    seed: int = DEFAULT_SEED,
    scale: float = 1.0,
    reader: str | None = READER,
) -> Loaded:
    """Replace the demo tables in one transaction; `as_of` defaults to the database's today.

    The login needs CREATE on schema public. `reader` gets SELECT on the business tables
    (None: nobody does). Whoever reads meanwhile sees the old rows or the new ones.
    """
    with psycopg.connect(connection_url, autocommit=False) as connection:
        connection.execute("SET LOCAL search_path = public")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        plan = Plan(as_of or _today(connection), seed, scale)
        _drop(connection)
        _run(connection, "schema.sql")
        loaded = Loaded(plan.as_of, seed, scale, _copy_all(connection, plan))
        _run(connection, "keys.sql")
        connection.execute("INSERT INTO demo_info VALUES (%s, %s, %s, %s)", loaded)
        _analyze(connection)
        if reader is not None:
            _grant(connection, reader)
    return loaded


def loaded(connection_url: str) -> Loaded | None:
    """What is in the database, or None when no demo data is there."""
    with psycopg.connect(connection_url) as connection:
        there = connection.execute("SELECT to_regclass('public.demo_info')").fetchone()
        if there is None or there[0] is None:
            return None
        row = connection.execute(
            "SELECT as_of, seed, scale::float8, fingerprint FROM public.demo_info"
        ).fetchone()
    return Loaded(*row) if row else None


def _today(connection: SyncConnection) -> dt.date:
    row = connection.execute("SELECT current_date").fetchone()
    if row is None or not isinstance(row[0], dt.date):
        raise TypeError("the database did not tell its date")
    return row[0]


def _drop(connection: SyncConnection) -> None:
    names = sql.SQL(", ").join(sql.Identifier(name) for name in ALL_TABLES)
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(names))


def _run(connection: SyncConnection, file_name: str) -> None:
    connection.execute((FOLDER / file_name).read_bytes())


def _copy_all(connection: SyncConnection, plan: Plan) -> str:
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for block in blocks(plan):
            digest.update(heading(block) + block.data)
            _copy(cursor, block)
    return digest.hexdigest()


def _copy(cursor: psycopg.Cursor[tuple[object, ...]], block: Block) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(block.table),
        sql.SQL(", ").join(sql.Identifier(column) for column in block.columns),
    )
    with cursor.copy(statement) as copy:
        copy.write(block.data)


def _analyze(connection: SyncConnection) -> None:
    names = sql.SQL(", ").join(sql.Identifier(name) for name in ALL_TABLES)
    connection.execute(sql.SQL("ANALYZE {}").format(names))


def _grant(connection: SyncConnection, reader: str) -> None:
    names = sql.SQL(", ").join(sql.Identifier(name) for name in LISTED_TABLES)
    role = sql.Identifier(reader)
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(names, role))
