"""The demo database and its two logins: one owns the tables, the other may only read them."""

import psycopg
from psycopg import sql

DATABASE = "northwind"
OWNER = "northwind_owner"
READER = "northwind_reader"
# What the reader gets on every connection; it could change these, the missing grants it cannot.
READER_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "30s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "60s",
}
READER_CONNECTIONS = 40

SyncConnection = psycopg.Connection[tuple[object, ...]]


def prepare(superuser_url: str, *, owner_password: str, reader_password: str) -> None:
    """Make the demo database with both logins, or bring their rights back to what they should be.

    For a cluster that is Atlas's own, as its superuser: nobody may connect to any database there
    without a grant of its own.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        _login(connection, OWNER, owner_password)
        prepare_reader(connection, reader_password)
        _database(connection)
        for database in ("postgres", "template1"):
            name = sql.Identifier(database)
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))


def prepare_reader(connection: SyncConnection, password: str) -> None:
    """Make the read-only login, or bring it back to what it should be; it is cluster-wide."""
    _login(connection, READER, password)
    role = sql.Identifier(READER)
    limit = sql.Literal(READER_CONNECTIONS)
    connection.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(role, limit))
    for name, value in READER_SETTINGS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                role, sql.Identifier(name), sql.Literal(value)
            )
        )


def let_connect(connection: SyncConnection, database: str) -> None:
    """Close a database to everybody but its owner and the reader, who may only connect."""
    names = {"database": sql.Identifier(database), "reader": sql.Identifier(READER)}
    for text in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "REVOKE ALL ON DATABASE {database} FROM {reader}",
        "GRANT CONNECT ON DATABASE {database} TO {reader}",
    ):
        connection.execute(sql.SQL(text).format(**names))


def _login(connection: SyncConnection, login: str, password: str) -> None:
    found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [login]).fetchone()
    statement = (
        "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
    )
    connection.execute(
        sql.SQL(statement).format(
            sql.SQL("CREATE" if found is None else "ALTER"),
            sql.Identifier(login),
            sql.Literal(password),
        )
    )


def _database(connection: SyncConnection) -> None:
    known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
    if known.fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )
    let_connect(connection, DATABASE)
