"""Plugin tables are made and extended by the owner and used by the app's login."""

import asyncio

import pytest

from atlas.common.db import in_db
from plugins_app.host.database import PluginDatabase
from plugins_app.host.ddl import apply_tables
from plugins_app.host.models import PluginMigration
from plugins_app.host.status import PluginStatus
from plugins_app.sdk import Field, Plugin, PluginError, Table
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
