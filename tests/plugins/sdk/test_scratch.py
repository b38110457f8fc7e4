"""ctx.db of the testing kit works on a real PostgreSQL and leaves nothing behind."""

import psycopg
import pytest

from atlas.runtime.local_postgres import SUPERUSER
from plugins_app.sdk import Field, Plugin, PluginError, Reference, Table
from plugins_app.sdk.testing import scratch_database

PLUGIN = Plugin(
    id="my-plugin",
    types=("action",),
    version="1",
    schema={
        "tasks": Table({"project": Field("uuid", references=Reference("projects"))}),
        "projects": Table(
            {
                "code": Field("string", required=True, unique=True, default="it's"),
                "hits": Field("number", default=3),
                "at": Field("date", default="now"),
                "open": Field("boolean", default=True),
                "updated_at": Field("date"),
            }
        ),
    },
)


@pytest.fixture
def connection(cluster):
    with psycopg.connect(cluster.url(login=SUPERUSER, database="postgres")) as made:
        yield made


async def test_declared_tables_are_there_while_the_test_runs(connection):
    with scratch_database(PLUGIN, connection) as db:
        projects, tasks = db.table("projects"), db.table("tasks")
        assert projects == "plugin_my_plugin_projects"
        assert await db.execute(f"INSERT INTO {projects} DEFAULT VALUES") == 1
        (row,) = await db.query(f"SELECT id, code, hits, open FROM {projects}")
        assert (row["code"], row["hits"], row["open"]) == ("it's", 3, True)
        with pytest.raises(psycopg.IntegrityError):
            await db.execute(f"INSERT INTO {projects} DEFAULT VALUES")
        assert await db.execute(f"INSERT INTO {tasks} (project) VALUES (%s)", [row["id"]]) == 1
        with pytest.raises(PluginError, match="is not declared"):
            db.table("other")
    left = connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'scratch_%'")
    assert left.fetchone() == (0,)
