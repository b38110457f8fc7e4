"""Makes the two logins of Atlas's database: the owner migrates, the app runs."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from atlas.common.errors import AtlasError
from atlas.runtime.local_postgres import SUPERUSER, LocalPostgres

OWNER_LOGIN = "atlas_owner"
APP_LOGIN = "atlas_app"
DATABASE = "atlas"


@dataclass(frozen=True)
class Logins:
    """Who runs and who owns in one database; the same name twice means one login."""

    app: str
    owner: str
    database: str

    @property
    def are_two(self) -> bool:
        """Whether running and owning are separate."""
        return self.app != self.owner


def logins_of(app_url: str, owner_url: str) -> Logins:
    """The logins that the two URLs name."""
    app, owner = conninfo_to_dict(app_url), conninfo_to_dict(owner_url)
    database = owner.get("dbname") or owner.get("user") or ""
    return Logins(str(app.get("user", "")), str(owner.get("user", "")), str(database))


def prepare_local(local: LocalPostgres) -> None:
    """Make both logins and the database in the running local PostgreSQL where they are missing."""
    if _accepts(local.url(OWNER_LOGIN, DATABASE)) and _accepts(local.url(APP_LOGIN, DATABASE)):
        return
    with psycopg.connect(local.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        # Two processes may arrive here together; the second finds everything made.
        connection.execute("SELECT pg_advisory_lock(hashtext('atlas logins'))")
        for login in (OWNER_LOGIN, APP_LOGIN):
            make_login(connection, login, local.password(login))
        # It makes a role for each plugin, which reaches only the tables of that plugin.
        statement = sql.SQL("ALTER ROLE {} CREATEROLE").format(sql.Identifier(OWNER_LOGIN))
        connection.execute(statement)
        make_database(connection, DATABASE, owner=OWNER_LOGIN)
        _let_connect(connection, DATABASE, APP_LOGIN)


def prepare_remote(app_url: str, owner_url: str) -> None:
    """Make the database and the app's login where missing and where the owner is allowed to.

    Nothing is made when both URLs name one login. Raises AtlasError that says what is missing.
    """
    logins = logins_of(app_url, owner_url)
    _make_remote_database(owner_url, logins)
    if not logins.are_two or _accepts(app_url):
        return
    password = str(conninfo_to_dict(app_url).get("password") or "")
    with psycopg.connect(owner_url, autocommit=True) as connection:
        if _exists(connection, "pg_roles", "rolname", logins.app):
            _let_connect(connection, logins.database, logins.app)
            return
        if not password or not _may(connection, "rolcreaterole"):
            raise AtlasError(
                f"The login {logins.app} of DATABASE_URL does not exist and {logins.owner} may not "
                "make it. Run manage.py db harden --print and give the SQL to the administrator.",
                code="login_missing",
            )
        make_login(connection, logins.app, password)
        _let_connect(connection, logins.database, logins.app)


def make_login(connection: psycopg.Connection[Any], login: str, password: str) -> None:
    """Make a login without special rights, or give an existing one this password."""
    known = _exists(connection, "pg_roles", "rolname", login)
    statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
        sql.SQL("ALTER" if known else "CREATE"), sql.Identifier(login), sql.Literal(password)
    )
    connection.execute(statement)


def make_database(connection: psycopg.Connection[Any], database: str, *, owner: str) -> None:
    """Make a database that only its owner may enter; `connection` must be in autocommit mode."""
    if _exists(connection, "pg_database", "datname", database):
        return
    names = {"database": sql.Identifier(database), "owner": sql.Identifier(owner)}
    connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))


def reason_of(error: BaseException) -> str:
    """Why the server said no, as one sentence without addresses and passwords."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or ["no answer"]
    # What the driver reports of several addresses ends with the last one; hints come after it.
    line = next((line for line in reversed(lines) if "failed: " in line), lines[0])
    return line.rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".?") + "."


def _make_remote_database(owner_url: str, logins: Logins) -> None:
    if _accepts(owner_url):
        return
    try:
        psycopg.connect(owner_url, connect_timeout=10).close()
    except psycopg.Error as error:
        if f'database "{logins.database}" does not exist' not in str(error):
            raise AtlasError(
                f"The database does not let {logins.owner} in: {reason_of(error)} "
                "Check DATABASE_URL and DATABASE_OWNER_URL.",
                code="database_unreachable",
            ) from error
        _make_in_maintenance_database(owner_url, logins)


def _make_in_maintenance_database(owner_url: str, logins: Logins) -> None:
    address = make_conninfo(owner_url, dbname="postgres")
    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=10) as connection:
            make_database(connection, logins.database, owner=logins.owner)
    except psycopg.Error as error:
        raise AtlasError(
            f"There is no database {logins.database} and {logins.owner} may not make it. "
            "Ask the administrator of the database for one that this login owns.",
            code="database_missing",
        ) from error


def _let_connect(connection: psycopg.Connection[Any], database: str, login: str) -> None:
    statement = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}")
    connection.execute(statement.format(sql.Identifier(database), sql.Identifier(login)))


def _accepts(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error:
        return False
    return True


def _exists(connection: psycopg.Connection[Any], table: str, column: str, name: str) -> bool:
    query = sql.SQL("SELECT 1 FROM {} WHERE {} = %s")
    found = connection.execute(query.format(sql.Identifier(table), sql.Identifier(column)), [name])
    return found.fetchone() is not None


def _may(connection: psycopg.Connection[Any], right: str) -> bool:
    query = sql.SQL("SELECT rolsuper OR {} FROM pg_roles WHERE rolname = current_user")
    row = connection.execute(query.format(sql.Identifier(right))).fetchone()
    return bool(row and row[0])
