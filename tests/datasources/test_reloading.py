"""Layers: put in force from files, kept when files break, seen by every process at once."""

import asyncio
import datetime
import threading

import psycopg
import pytest
from django.db import OperationalError

from atlas.accounts.principal import Principal
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.datasources import reloading, semantic
from atlas.datasources.broken_files import broken_files
from atlas.datasources.masking import set_masks
from atlas.datasources.models import SemanticVersion
from atlas.datasources.query import QueryOutcome, run_query
from atlas.datasources.reloading import ReloadReport, may_start_with_stored, reload_layer
from atlas.datasources.semantic import NoLayer, current_layer, layer_of, newest_layer
from atlas.semantic.problems import Problem
from atlas.sql.policies.masks import Mask, Masks
from plugins_app.sdk import EntityDraft
from tests.datasources.orders import ORDERS, SOURCE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nothing_parsed"),
]


async def test_reload_fills_values_and_the_last_day_from_the_data(shop, folder, ada):
    shop()
    report = await reload_layer("shop", folder, by=ada)
    assert report.problems == ()
    assert (report.changed, report.added, report.removed, report.changed_entities) == (
        True,
        ("orders",),
        (),
        (),
    )
    version_id, layer = await in_db(current_layer, "shop")
    assert version_id == report.version_id
    assert layer.values == {"orders.customer": ("Ana", "Bo")}
    assert layer.as_of == datetime.date(2026, 1, 1) + datetime.timedelta(days=3001)
    row = await in_db(SemanticVersion.objects.get)
    assert (row.digest, row.loaded_by) == (layer.digest, "ada")
    assert report.sentence() == "The layer of “shop” is in force; added: orders."
    read, entry = await in_db(lambda: list(AuditEntry.objects.order_by("id")))
    assert (read.event, read.actor_name, read.subject) == ("semantic.refreshed", "ada", "shop")
    assert read.body == {"values": ["orders.customer"], "as_of": "max(orders.placed)"}
    assert (entry.event, entry.actor_name, entry.subject) == ("semantic.reloaded", "ada", "shop")
    assert entry.body["digest_after"] == layer.digest


@pytest.mark.parametrize(("count", "said"), [(1, "has 1 problem;"), (2, "has 2 problems;")])
def test_problems_of_broken_files_are_counted_in_words(count, said):
    report = ReloadReport("shop", problems=(Problem("source.yml", 1, "no"),) * count)

    assert report.sentence() == f"The layer of “shop” {said} the last good one is kept."


async def test_reload_of_the_same_files_changes_nothing(shop, folder):
    shop()
    first = await reload_layer("shop", folder)
    again = await reload_layer("shop", folder)
    assert (again.changed, again.version_id) == (False, first.version_id)
    assert again.sentence() == "The layer of “shop” has not changed."
    assert await in_db(SemanticVersion.objects.count) == 1


async def test_reload_takes_the_datasource_from_the_files(shop, folder):
    shop()
    assert (await reload_layer(None, folder)).datasource == "shop"


async def test_reload_tells_which_entities_changed(shop, folder):
    shop()
    await reload_layer("shop", folder)
    text = ORDERS.replace("format: money", "format: number")
    (folder / "entities" / "orders.yml").write_text(text)
    (folder / "entities" / "more.yml").write_text(
        "name: more\ntable: orders\nschema_name: shop\nprimary_key: id\n"
    )
    report = await reload_layer("shop", folder)
    assert (report.added, report.changed_entities) == (("more",), ("orders",))
    (folder / "entities" / "more.yml").unlink()
    assert (await reload_layer("shop", folder)).removed == ("more",)


async def test_broken_files_keep_the_last_good_layer_and_name_file_and_line(shop, folder):
    shop()
    first = await reload_layer("shop", folder)
    (folder / "entities" / "orders.yml").write_text(ORDERS.replace("sql: total", "sql: ]"))
    report = await reload_layer("shop", folder)
    assert not report.changed
    assert report.problems[0].file == "entities/orders.yml"
    assert report.problems[0].line > 1
    assert (await in_db(current_layer, "shop")).version_id == first.version_id
    entry = await in_db(AuditEntry.objects.latest, "id")
    assert (entry.event, entry.actor_name) == ("semantic.kept", "atlas")
    assert entry.body["problems"] == [str(problem) for problem in report.problems]


async def test_missing_folder_is_a_problem_and_no_crash(shop, tmp_path):
    shop()
    report = await reload_layer("shop", tmp_path / "none")
    assert "there is no such folder" in str(report.problems[0])


async def test_source_that_fails_keeps_the_last_good_layer(shop, source, folder):
    shop()
    first = await reload_layer("shop", folder)
    source.plug()
    source.error = ConnectionRefusedError("10.0.0.1")
    report = await reload_layer("shop", folder)
    assert "cannot be reached" in report.problems[0].message
    assert "10.0.0.1" not in str(report)
    assert (await in_db(current_layer, "shop")).version_id == first.version_id


async def test_what_a_refresh_reads_is_recorded_before_it_is_read(source, folder, monkeypatch):
    def fail(*args):
        raise OperationalError("disk full")

    monkeypatch.setattr(reloading, "_record_refresh", fail)
    with pytest.raises(OperationalError):
        await reload_layer("shop", folder)
    assert source.sent == []


async def test_a_stored_layer_serves_unless_it_holds_what_is_protected_by_now(shop, folder):
    shop()
    assert not await in_db(may_start_with_stored, "shop")
    await reload_layer("shop", folder)
    assert await in_db(may_start_with_stored, "shop")
    assert await in_db(may_start_with_stored, "")
    assert not await in_db(may_start_with_stored, "other")
    set_masks(Masks((Mask(("orders",), ("customer",)),)))
    try:
        assert not await in_db(may_start_with_stored, "shop")
    finally:
        set_masks(Masks())


async def test_source_that_is_not_there_is_a_problem(install, folder):
    install()
    report = await reload_layer("shop", folder)
    assert "There is no datasource of this name" in report.problems[0].message
    with pytest.raises(NoLayer, match="semantic reload"):
        await in_db(current_layer, "shop")


async def test_too_many_values_are_left_out_with_a_warning(shop, folder):
    shop()
    text = ORDERS.replace("sql: customer\n    values", "sql: CAST(id AS text)\n    values")
    (folder / "entities" / "orders.yml").write_text(text)
    report = await reload_layer("shop", folder)
    assert report.problems == ()
    assert report.warnings == (
        "orders.customer has more than 3000 values, so they are not linked.",
    )
    assert (await in_db(current_layer, "shop")).layer.values == {}


async def test_reload_by_two_at_once_writes_one_version(shop, folder):
    shop()
    reports = await asyncio.gather(*(reload_layer("shop", folder) for _ in range(4)))
    assert sorted(report.changed for report in reports) == [False, False, False, True]
    assert await in_db(SemanticVersion.objects.count) == 1


async def test_reload_waits_for_one_in_another_process(shop, folder, cluster):
    shop()
    with cluster.superuser() as other:
        other.execute("SELECT pg_advisory_lock(hashtext('layer shop'))")
        task = asyncio.create_task(reload_layer("shop", folder))
        done, _waiting = await asyncio.wait([task], timeout=0.4)
        assert not done
        assert await in_db(SemanticVersion.objects.count) == 0
    assert (await task).changed


async def test_reload_wakes_other_processes(shop, folder, cluster):
    shop()
    with psycopg.connect(cluster.url(), autocommit=True) as listener:
        listener.execute("LISTEN atlas_plugins")
        await reload_layer("shop", folder)
        news = listener.notifies(timeout=60, stop_after=1)
        heard = await asyncio.to_thread(lambda: [one.payload for one in news])
    assert heard == ["semantic:shop"]


def test_layer_without_any_version_is_said_to_be_missing():
    assert newest_layer() is None
    with pytest.raises(NoLayer) as missing:
        current_layer("shop")
    assert missing.value.code == "no_semantic_layer"
    with pytest.raises(NoLayer, match="gone"):
        layer_of(77)


def store(layer, datasource="shop"):
    return SemanticVersion.objects.create(
        datasource=datasource, digest=layer.digest, layer=layer.model_dump(mode="json")
    )


def test_newest_row_is_in_force_and_a_run_keeps_its_version(layer, django_assert_num_queries):
    first = store(layer)
    assert current_layer("shop") == (first.pk, layer)
    second = store(layer.model_copy(update={"as_of": datetime.date(2026, 5, 7)}))
    store(layer, "other")
    assert current_layer("shop").version_id == second.pk
    assert current_layer("shop").layer.as_of == datetime.date(2026, 5, 7)
    assert layer_of(first.pk) == layer
    with django_assert_num_queries(1):
        current_layer("shop")
    with django_assert_num_queries(0):
        layer_of(first.pk)


def test_parsed_layers_are_bounded(layer):
    rows = [store(layer) for _ in range(semantic.MOST_KEPT + 3)]
    threads = [threading.Thread(target=layer_of_and_close, args=[row.pk]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(semantic._parsed) == semantic.MOST_KEPT


def layer_of_and_close(version_id):
    from django.db import connection  # noqa: PLC0415 - this thread's own connection

    try:
        layer_of(version_id)
    finally:
        connection.close()


async def test_entities_of_the_plugin_join_those_of_the_files(source, folder, ada):
    drafts = [EntityDraft("users", "table: users\ndimensions:\n  id:\n    type: number")]

    async def discover():
        return [*drafts, EntityDraft("orders", "table: other")]

    (folder / "source.yml").write_text("datasource: shop\n")
    (folder / "entities" / "orders.yml").write_text(ORDERS.replace("    values: from_db\n", ""))
    source.plug(entities=discover)
    report = await reload_layer("shop", folder, by=ada)
    assert report.added == ("orders", "users")
    assert report.warnings == ("The plugin's entity 'orders' is left out: it is declared already.",)
    _version, layer = await in_db(current_layer, "shop")
    asked = await run_query(Principal.of(ada), "shop", "SELECT id FROM users", layer=layer)
    assert isinstance(asked, QueryOutcome)
    assert not (folder / "entities" / "users.yml").exists()


async def test_entities_that_cannot_be_found_are_a_warning(source, folder):
    def discover():
        raise RuntimeError("no catalogue")

    (folder / "source.yml").write_text("datasource: shop\n")
    (folder / "entities" / "orders.yml").write_text(ORDERS.replace("    values: from_db\n", ""))
    source.plug(entities=discover)
    report = await reload_layer("shop", folder)
    assert report.added == ("orders",)
    assert "no catalogue" in report.warnings[0]


async def test_a_layer_of_another_datasource_is_not_used(shop, folder):
    shop()
    (folder / "source.yml").write_text("datasource: elsewhere\n")

    report = await reload_layer("shop", folder)

    assert [str(problem) for problem in report.problems] == [
        "source.yml: describes “elsewhere”, but questions go to “shop”"
    ]


async def test_broken_files_are_told_until_they_are_mended(shop, folder):
    shop()
    source, good = folder / "source.yml", SOURCE
    first = await reload_layer("shop", folder)
    assert await in_db(broken_files) == []

    source.write_text("datasource: shop\nas_of: soon\n")
    await reload_layer("shop", folder)

    [broken] = await in_db(broken_files)
    assert broken.datasource == "shop"
    assert broken.problems[0].startswith("source.yml:2: ")
    assert (await in_db(current_layer, "shop")).version_id == first.version_id
    source.write_text(good)
    again = await reload_layer("shop", folder)
    assert (again.changed, again.version_id) == (False, first.version_id)
    assert await in_db(broken_files) == []
