"""Promises of the two logins: the app works with every table and changes none of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from atlas.common.errors import AtlasError
from atlas.runtime.grants import grant_statements, harden_script
from atlas.runtime.local_postgres import SUPERUSER
from atlas.runtime.logins import logins_of, make_database, make_login, prepare_remote
from atlas.runtime.walls import walls
from tests.cluster import TestCluster

pytestmark = pytest.mark.processes

DATABASE = "logins_db"
OWNER, APP, PLAIN = "l_owner", "l_app", "l_plain"
LOGINS = (OWNER, APP, PLAIN)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL as an operator has it: we know addresses of logins, and an administrator."""

    cluster: TestCluster

    def url(self, login: str, database: str = DATABASE) -> str:
        return self.cluster.url(login, database)

    def run(self, statement: str, login: str = SUPERUSER, database: str = DATABASE) -> list[tuple]:
        with psycopg.connect(self.url(login, database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def make(self, login: str, rights: str = "") -> None:
        with self.cluster.superuser("postgres") as connection:
            make_login(connection, login, self.cluster.local.password(login))
            if rights:
                connection.execute(f"ALTER ROLE {login} {rights}")

    def make_database(self, owner: str) -> None:
        with self.cluster.superuser("postgres") as connection:
            make_database(connection, DATABASE, owner=owner)


@pytest.fixture
def server(cluster: TestCluster) -> Iterator[Server]:
    with cluster.superuser("postgres") as connection:
        # Tests of the demo on the same cluster take this right away from everybody.
        connection.execute("GRANT CONNECT ON DATABASE postgres TO PUBLIC")
    yield Server(cluster)
    cluster.drop(DATABASE)
    with cluster.superuser("postgres") as connection:
        for login in LOGINS:
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(login)))


@pytest.fixture
def two_logins(server: Server) -> Server:
    """Two logins and a database with a table each from before and after the grants."""
    server.make(OWNER)
    server.make(APP)
    server.make_database(OWNER)
    with psycopg.connect(server.url(OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE before (id bigserial PRIMARY KEY, word text)")
        owner.execute("CREATE TABLE log (id bigserial PRIMARY KEY, word text)")
        for statement in grant_statements(
            app=APP, owner=OWNER, database=DATABASE, restrictions={"log": ("SELECT", "INSERT")}
        ):
            owner.execute(statement)
        owner.execute("CREATE TABLE after (id bigserial PRIMARY KEY, word text)")
    return server


@pytest.mark.parametrize("table", ["before", "after"])
def test_the_app_reads_and_writes_every_table(two_logins: Server, table: str) -> None:
    two_logins.run(f"INSERT INTO {table} (word) VALUES ('a'), ('b')", APP)
    two_logins.run(f"UPDATE {table} SET word = 'c' WHERE id = 1", APP)
    two_logins.run(f"DELETE FROM {table} WHERE id = 2", APP)

    assert two_logins.run(f"SELECT id, word FROM {table}", APP) == [(1, "c")]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE before ADD COLUMN more int",
        "ALTER TABLE before DISABLE TRIGGER ALL",
        "DROP TABLE before",
        "TRUNCATE before",
        "CREATE TRIGGER t BEFORE INSERT ON before FOR EACH ROW EXECUTE FUNCTION f()",
        "SET session_replication_role = replica",
        "SET ROLE l_owner",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "UPDATE log SET word = 'x'",
        "DELETE FROM log",
    ],
)
def test_the_app_changes_no_table(two_logins: Server, statement: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFunction)):
        two_logins.run(statement, APP)


def test_other_logins_cannot_enter(two_logins: Server) -> None:
    two_logins.make(PLAIN)

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        two_logins.run("SELECT 1", PLAIN)


def test_every_wall_stands_with_two_logins(two_logins: Server) -> None:
    with psycopg.connect(two_logins.url(APP), autocommit=True) as connection:
        found = walls(connection, {"log": ("SELECT", "INSERT")})

    assert [wall.stands for wall in found] == [True, True, True, True]
    assert found[-1].promise == "The running login may only select and insert log"


def test_with_one_login_the_missing_walls_are_named(server: Server) -> None:
    server.make(OWNER)
    server.make_database(OWNER)
    server.run("CREATE TABLE log (id int)", OWNER)
    prepare_remote(server.url(OWNER), server.url(OWNER))

    with psycopg.connect(server.url(OWNER), autocommit=True) as connection:
        missing = [wall for wall in walls(connection, {"log": ("SELECT",)}) if not wall.stands]

    assert [wall.promise for wall in missing] == [
        "The running login owns no table, so it cannot switch off a trigger",
        "The running login cannot make tables",
        "The running login may only select log",
    ]
    assert all("db harden --print" in wall.cure for wall in missing)


def test_the_printed_script_builds_the_walls(server: Server) -> None:
    server.make(OWNER)
    server.make_database(OWNER)
    server.run("CREATE TABLE log (id int)", OWNER)
    script = harden_script(
        app=APP, owner=OWNER, database=DATABASE, restrictions={"log": ("SELECT", "INSERT")}
    )

    server.run(script)
    server.run(script)

    server.make(APP)
    with psycopg.connect(server.url(APP), autocommit=True) as connection:
        assert all(wall.stands for wall in walls(connection, {"log": ("SELECT", "INSERT")}))
    server.run("CREATE TABLE later (id int)", OWNER)
    assert server.run("SELECT * FROM later", APP) == []


def test_an_owner_who_may_makes_the_database_and_the_login(server: Server) -> None:
    server.make(OWNER, "CREATEROLE CREATEDB")

    prepare_remote(server.url(APP), server.url(OWNER))
    prepare_remote(server.url(APP), server.url(OWNER))

    assert server.run("SELECT current_user, current_database()", APP) == [(APP, DATABASE)]


def test_an_owner_without_createrole_is_told_what_to_do(server: Server) -> None:
    server.make(OWNER)
    server.make_database(OWNER)

    with pytest.raises(AtlasError, match="l_owner may not make it") as no:
        prepare_remote(server.url(APP), server.url(OWNER))

    assert no.value.code == "login_missing"


def test_an_owner_without_createdb_is_told_what_to_do(server: Server) -> None:
    server.make(OWNER)

    with pytest.raises(AtlasError, match="There is no database logins_db") as no:
        prepare_remote(server.url(OWNER), server.url(OWNER))

    assert no.value.code == "database_missing"


def test_a_refused_owner_is_named_without_the_password(server: Server) -> None:
    url = make_conninfo(server.url(OWNER), password="a-very-secret-word")

    with pytest.raises(AtlasError, match="does not let l_owner in") as no:
        prepare_remote(url, url)

    assert "a-very-secret-word" not in no.value.user_message


def test_names_are_read_from_urls() -> None:
    found = logins_of("postgresql://a:x@h/db", "postgresql://o:y@h/db?sslmode=require")

    assert (found.app, found.owner, found.database, found.are_two) == ("a", "o", "db", True)
    assert not logins_of("postgresql://a@h/db", "postgresql://a@h/db").are_two
