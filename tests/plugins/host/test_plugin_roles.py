"""Where roles can be made, the database itself keeps a plugin to its own tables."""

import pytest
from django.db import ProgrammingError, connection, connections
from psycopg import sql

from atlas.common.db import in_db
from atlas.runtime.logins import OWNER_LOGIN
from plugins_app.host import registry
from plugins_app.host.tables import roles as plugin_roles
from plugins_app.host.tables.database import Role
from plugins_app.sdk import Field, Plugin, Table

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

ROLES = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'plugin\\_%'"


def plugin(plugin_id):
    return Plugin(
        id=plugin_id,
        types=("action",),
        version="1",
        schema={"notes": Table({"text": Field("string")})},
    )


@pytest.fixture
def may_make_roles(cluster, dropped):
    """Let the owner of the tables make roles during the test."""
    with cluster.superuser("postgres") as server:
        server.execute(f"ALTER ROLE {OWNER_LOGIN} CREATEROLE")
    yield
    with cluster.superuser() as server:
        server.execute(f"ALTER ROLE {OWNER_LOGIN} NOCREATEROLE")
        for (role,) in server.execute(ROLES).fetchall():
            server.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def roles():
    with connection.cursor() as cursor:
        cursor.execute(ROLES)
        return [name for (name,) in cursor.fetchall()]


def db_of(plugin_id):
    return registry.current().get(plugin_id).context.db


async def used(db):
    await db.execute(f"INSERT INTO {db.table('notes')} (text) VALUES (%s)", ["hello"])
    await db.execute(f"UPDATE {db.table('notes')} SET text = %s", ["changed"])
    return await db.query(f"SELECT text FROM {db.table('notes')}")


def asked(role, statement):
    with role.statement() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


async def test_a_plugin_acts_as_its_own_role(may_make_roles, start):
    await start(plugin("a-b"), plugin("other"))
    database = connection.settings_dict["NAME"]
    assert sorted(await in_db(roles)) == [f"plugin_a-b@{database}", f"plugin_other@{database}"]
    assert await used(db_of("a-b")) == [{"text": "changed"}]
    role = Role("a-b")
    assert await in_db(asked, role, "SELECT current_user") == [(f"plugin_a-b@{database}",)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM plugin_other_notes",
        "SELECT * FROM accounts_user",
        "SELECT * FROM audit_auditentry",
    ],
)
async def test_the_database_refuses_what_is_not_its_own(may_make_roles, start, statement):
    """Also when a statement got past our own check of it."""
    await start(plugin("a-b"), plugin("other"))
    with pytest.raises(ProgrammingError, match="permission denied"):
        await in_db(asked, Role("a-b"), statement)


async def test_the_role_ends_with_its_statement(may_make_roles, start):
    await start(plugin("a-b"))

    def who():
        with Role("a-b").statement():
            pass
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT current_user = session_user")
            return cursor.fetchone()

    assert await in_db(who) == (True,)


async def test_where_roles_cannot_be_made_the_plugin_works_without(start, dropped):
    await start(plugin("a-b"))
    assert await in_db(roles) == []
    assert await used(db_of("a-b")) == [{"text": "changed"}]


@pytest.mark.parametrize("plugin_id", ["a", "x" * 64])
def test_a_name_fits_and_differs_by_plugin_and_database(plugin_id):
    names = {
        plugin_roles.role_of(one, base) for one in (plugin_id, "b") for base in ("atlas", "d" * 60)
    }
    assert len(names) == 4
    assert all(len(name.encode()) <= 63 for name in names)
