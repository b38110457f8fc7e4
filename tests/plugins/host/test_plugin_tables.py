"""Plugin tables are made and extended by the owner and used by the app's login."""

import asyncio
import uuid

import pytest
from django.db import IntegrityError

from atlas.common.db import in_db
from plugins_app.host import lifecycle
from plugins_app.host.models import PluginMigration, PluginRepair
from plugins_app.host.status import PluginStatus
from plugins_app.host.tables.database import PluginDatabase
from plugins_app.host.tables.ddl import apply_tables
from plugins_app.sdk import Field, Interaction, Plugin, PluginError, Reference, Table
from tests.plugins.database import rows

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

CACHE = Table(
    {
        "key": Field("string", required=True, unique=True),
        "value": Field("string", required=True),
        "hits": Field("number", default=0),
        "updated_at": Field("date"),
    }
)


class Provider:
    def load(self):
        return ""


def plugin(plugin_id="my-plugin", **schema):
    return Plugin(
        id=plugin_id,
        types=("context",),
        version="1",
        context_provider=Provider(),
        schema=schema,
    )


async def test_the_table_of_the_guide_is_made_and_works(dropped):
    one = plugin(cache=CACHE)
    (statement,) = await in_db(apply_tables, one)
    assert statement.startswith('CREATE TABLE "plugin_my_plugin_cache"')
    db = PluginDatabase(one)
    table = db.table("cache")
    assert table == "plugin_my_plugin_cache"
    assert await db.execute(f"INSERT INTO {table} (key, value) VALUES (%s, %s)", ["a", "b"]) == 1
    (row,) = await db.query(f"SELECT * FROM {table} WHERE key = %s", ["a"])
    assert set(row) == {"id", "key", "value", "hits", "created_at", "updated_at"}
    assert (row["value"], row["hits"]) == ("b", 0)
    assert row["updated_at"] == row["created_at"]


async def test_repeating_changes_nothing(dropped):
    one = plugin(cache=CACHE)
    await in_db(apply_tables, one)
    assert await in_db(apply_tables, one) == []
    (logged,) = await rows(PluginMigration, "plugin_id", "table_name")
    assert logged == ("my-plugin", "plugin_my_plugin_cache")


async def test_several_processes_make_one_table(dropped):
    made = await asyncio.gather(*(in_db(apply_tables, plugin(cache=CACHE)) for _ in range(4)))
    assert sorted(len(statements) for statements in made) == [0, 0, 0, 1]


async def test_a_new_field_becomes_a_column_and_a_removed_one_stays(dropped):
    await in_db(apply_tables, plugin(cache=CACHE))
    changed = plugin(
        cache=Table({"key": Field("string"), "kind": Field("string", required=True, default="x")})
    )
    assert await in_db(apply_tables, changed) == [
        'ALTER TABLE "plugin_my_plugin_cache" ADD COLUMN "kind" TEXT NOT NULL DEFAULT \'x\''
    ]
    db = PluginDatabase(changed)
    await db.execute("INSERT INTO plugin_my_plugin_cache (key, value) VALUES ('a', 'b')")
    (row,) = await db.query("SELECT value, kind FROM plugin_my_plugin_cache")
    assert row == {"value": "b", "kind": "x"}


async def test_updated_at_follows_each_change(dropped):
    one = plugin(cache=CACHE)
    await in_db(apply_tables, one)
    db = PluginDatabase(one)
    await db.execute("INSERT INTO plugin_my_plugin_cache (key, value) VALUES ('a', 'b')")
    await db.execute("UPDATE plugin_my_plugin_cache SET value = 'c', updated_at = created_at")
    (row,) = await db.query("SELECT created_at, updated_at FROM plugin_my_plugin_cache")
    assert row["updated_at"] > row["created_at"]


PROJECTS = Table({"code": Field("string", required=True, unique=True), "facts": Field("json")})
TASKS = Table(
    {
        "project": Field("uuid", required=True, references=Reference("projects")),
        "code": Field("string", references=Reference("projects", "code")),
        "weight": Field("float", default=0.5),
        "bytes": Field("bigint"),
    }
)


async def test_tables_may_refer_to_each_other_in_any_order(dropped):
    one = plugin(tasks=TASKS, projects=PROJECTS)
    statements = await in_db(apply_tables, one)
    assert [one.partition(" ")[0] for one in statements] == ["CREATE", "CREATE", "ALTER", "ALTER"]
    assert await in_db(apply_tables, one) == []
    db = PluginDatabase(one)
    await db.execute(
        "INSERT INTO plugin_my_plugin_projects (code, facts) VALUES (%s, %s)", ["a", {"n": [1]}]
    )
    (project,) = await db.query("SELECT id, facts FROM plugin_my_plugin_projects")
    assert project["facts"] == {"n": [1]}
    insert = "INSERT INTO plugin_my_plugin_tasks (project, code, bytes) VALUES (%s, %s, %s)"
    assert await db.execute(insert, [project["id"], "a", 2**40]) == 1
    with pytest.raises(IntegrityError):
        await db.execute(insert, [uuid.uuid4(), "a", 1])


async def test_a_reference_that_is_declared_later_is_added(dropped):
    before = plugin(projects=PROJECTS, tasks=Table({"project": Field("uuid")}))
    await in_db(apply_tables, before)
    after = plugin(
        projects=PROJECTS, tasks=Table({"project": Field("uuid", references=Reference("projects"))})
    )
    (statement,) = await in_db(apply_tables, after)
    assert "FOREIGN KEY" in statement


async def test_required_unique_and_default_are_kept(dropped):
    one = plugin(cache=CACHE)
    await in_db(apply_tables, one)
    db = PluginDatabase(one)
    insert = "INSERT INTO plugin_my_plugin_cache (key, value) VALUES (%s, %s)"
    await db.execute(insert, ["a", "b"])
    for broken in (["a", "c"], ["b", None]):
        with pytest.raises(IntegrityError):
            await db.execute(insert, broken)
    assert await db.query("SELECT hits FROM plugin_my_plugin_cache") == [{"hits": 0}]


async def test_changes_are_recorded(dropped):
    (statement,) = await in_db(apply_tables, plugin(cache=CACHE))
    (logged,) = await rows(PluginMigration, "plugin_id", "table_name", "sql")
    assert logged == ("my-plugin", "plugin_my_plugin_cache", statement)


async def types_of(owner, table):
    return dict(
        await in_db(
            owner,
            "SELECT column_name, data_type FROM information_schema.columns"
            f" WHERE table_name = '{table}'",
        )
    )


async def test_a_changed_type_changes_nothing_and_says_what_to_run(start, dropped, owner):
    await in_db(apply_tables, plugin(cache=Table({"hits": Field("string")})))
    entries = await start(plugin(cache=Table({"hits": Field("number")})))
    assert entries.get("my-plugin").usable
    assert (await types_of(owner, "plugin_my_plugin_cache"))["hits"] == "text"
    (repair,) = await rows(PluginRepair, "plugin_id", "area", "subject", "command")
    assert repair == (
        "my-plugin",
        "tables",
        "plugin_my_plugin_cache.hits type",
        'ALTER TABLE "plugin_my_plugin_cache" ALTER COLUMN "hits" TYPE INTEGER'
        ' USING "hits"::INTEGER;',
    )


async def test_what_a_repair_says_works_and_solves_it(start, dropped, owner):
    await in_db(
        apply_tables, plugin(cache=Table({"hits": Field("string"), "old": Field("string")}))
    )
    changed = plugin(cache=Table({"hits": Field("number", required=True), "new": Field("string")}))
    await start(changed)
    commands = [command for (command,) in await rows(PluginRepair, "command")]
    assert len(commands) == 3
    for command in commands:
        await in_db(owner, command)
    await lifecycle.stop()
    await start(changed)
    assert await rows(PluginRepair, "command") == []
    types = await types_of(owner, "plugin_my_plugin_cache")
    assert (types["hits"], "old" in types, types["new"]) == ("integer", False, "text")


async def test_a_renamed_field_is_a_new_column_and_the_old_one_stays(start, dropped, owner):
    await in_db(apply_tables, plugin(cache=Table({"old": Field("string")})))
    await start(plugin(cache=Table({"new": Field("string")})))
    assert {"old", "new"} <= set(await types_of(owner, "plugin_my_plugin_cache"))
    (subject,) = await rows(PluginRepair, "subject")
    assert subject == ("plugin_my_plugin_cache.old removed",)


async def test_a_removed_field_keeps_its_column(start, dropped, owner):
    await in_db(apply_tables, plugin(cache=Table({"a": Field("string"), "b": Field("string")})))
    await start(plugin(cache=Table({"a": Field("string")})))
    assert "b" in await types_of(owner, "plugin_my_plugin_cache")


async def test_tables_that_are_refused_are_a_repair(start, dropped, owner):
    await in_db(owner, "CREATE TABLE plugin_bad_cache (id int)")
    await start(plugin("bad", cache=CACHE))
    (repair,) = await rows(PluginRepair, "subject", "meaning")
    assert repair == (
        "refused",
        "The table plugin_bad_cache exists already and belongs to something else.",
    )


async def test_tables_are_ready_before_initialize_for_every_type(start, dropped):
    seen = []

    async def initialize(ctx):
        seen.append(await ctx.db.query(f"SELECT key FROM {ctx.db.table('cache')}"))

    given = {"id": "routes", "types": ("interaction",), "version": "1"}
    await start(
        Plugin(**given, interaction=Interaction(), schema={"cache": CACHE}, initialize=initialize)
    )
    assert seen == [[]]


async def test_a_column_dropped_by_hand_comes_back(dropped, owner):
    one = plugin(cache=Table({"a": Field("string"), "b": Field("string")}))
    await in_db(apply_tables, one)
    await in_db(owner, 'ALTER TABLE "plugin_my_plugin_cache" DROP COLUMN b')
    assert await in_db(apply_tables, one) == [
        'ALTER TABLE "plugin_my_plugin_cache" ADD COLUMN "b" TEXT'
    ]


async def test_a_required_field_without_default_is_refused_on_a_filled_table(dropped):
    before = plugin(cache=Table({"a": Field("string")}))
    after = plugin(cache=Table({"a": Field("string"), "b": Field("string", required=True)}))
    await in_db(apply_tables, before)
    await PluginDatabase(before).execute("INSERT INTO plugin_my_plugin_cache (a) VALUES ('x')")
    with pytest.raises(PluginError, match="holds rows, so the new required field b needs a defau"):
        await in_db(apply_tables, after)
    await PluginDatabase(before).execute("DELETE FROM plugin_my_plugin_cache")
    assert len(await in_db(apply_tables, after)) == 1


async def test_a_table_of_somebody_else_is_left_alone(dropped, owner):
    await in_db(owner, "CREATE TABLE plugin_my_plugin_cache (id int)")
    with pytest.raises(PluginError, match="exists already and belongs to something else"):
        await in_db(apply_tables, plugin(cache=CACHE))


async def test_a_failure_leaves_no_table_of_the_plugin(dropped, owner):
    await in_db(owner, "CREATE TABLE plugin_my_plugin_second (id int)")
    with pytest.raises(PluginError):
        await in_db(apply_tables, plugin(first=CACHE, second=CACHE))
    found = await in_db(owner, "SELECT to_regclass('plugin_my_plugin_first')::text")
    assert found == [(None,)]
    assert await rows(PluginMigration, "id") == []


async def test_the_app_may_use_but_not_change_the_table(dropped):
    one = plugin(cache=CACHE)
    await in_db(apply_tables, one)
    with pytest.raises(PluginError, match="Only SELECT, INSERT, UPDATE and DELETE"):
        await PluginDatabase(one).execute("DROP TABLE plugin_my_plugin_cache")


async def test_a_plugin_whose_tables_are_refused_is_left_out(start, dropped, owner):
    await in_db(owner, "CREATE TABLE plugin_bad_cache (id int)")
    entries = await start(plugin("bad", cache=CACHE), plugin("good"))
    bad, good = entries.all()
    assert bad.status == PluginStatus.UNHEALTHY
    assert bad.reason == (
        "Its tables: The table plugin_bad_cache exists already and belongs to something else."
    )
    assert good.usable


async def test_the_second_of_two_plugins_that_share_a_name_is_left_out(start, dropped):
    entries = await start(plugin("a-b", cache=CACHE), plugin("a_b", cache=CACHE))
    first, second = entries.all()
    assert first.usable
    assert not second.usable
    assert "plugin_a_b_cache is declared twice, or by another plugin too" in second.reason


async def test_too_many_rows_are_refused(dropped, owner):
    one = plugin(cache=CACHE)
    await in_db(apply_tables, one)
    await in_db(
        owner,
        "INSERT INTO plugin_my_plugin_cache (key, value)"
        " SELECT n::text, '' FROM generate_series(1, 10001) AS n",
    )
    with pytest.raises(PluginError, match="more than 10000 rows; add a LIMIT"):
        await PluginDatabase(one).query("SELECT key FROM plugin_my_plugin_cache")
