"""Layers on every engine: drafted, checked, put in force, and the login looked at."""

import datetime

import pytest
from django.utils import timezone

from atlas.admin_panels import panels
from atlas.common.db import in_db
from atlas.datasources.reloading import reload_layer
from atlas.datasources.semantic import current_layer
from atlas.datasources.spelling import spelled
from atlas.management.introspection import introspect
from atlas.semantic.check import probe_queries, problems
from atlas.semantic.draft import draft
from atlas.semantic.loader import load_layer
from plugins_app.host.facets import connections
from plugins_app.host.models import PluginRepair, PluginState
from plugins_app.reference.mysql import mysql
from plugins_app.sdk import QueryLimits
from tests.datasources.engines.shops import as_shop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.engines,
    pytest.mark.usefixtures("nothing_parsed"),
]

TODAY = datetime.date(2026, 6, 1)


async def test_a_draft_has_no_errors_and_all_of_it_runs(engine, tmp_path):
    for name, text in draft(await introspect("shop")).items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    layer = load_layer(tmp_path)

    (orders,) = [one for one in layer.entities if one.name == "orders"]
    assert (orders.schema_name, orders.primary_key) == ("shop", ("id",))
    assert orders.default_time in ("orders.placed", "orders.moment")
    assert [one for one in problems(layer, today=TODAY) if one.severity == "error"] == []
    for probe in probe_queries(layer, today=TODAY):
        text = spelled(probe.sql, "shop", layer)
        await connections.query("shop", text, timeout_ms=5_000, limits=QueryLimits(max_rows=10))


async def test_a_reload_reads_the_values_and_the_last_day(engine, folder):
    report = await reload_layer("shop", folder)
    assert (report.problems, report.warnings, report.added) == ((), (), ("orders",))
    layer = (await in_db(current_layer, "shop")).layer
    assert layer.values == {"orders.customer": ("Ana", "Bo")}
    assert layer.as_of == datetime.date(2026, 1, 1) + datetime.timedelta(days=3001)


async def test_admins_are_told_what_a_login_may_do_until_it_is_put_right(
    mariadb_shop, install, folder, ada
):
    mariadb_shop.ask("CREATE USER loose@localhost")
    mariadb_shop.ask("GRANT SELECT, INSERT ON shop.* TO loose@localhost")
    mariadb_shop.ask("GRANT FILE ON *.* TO loose@localhost")
    hosted = {"plugin_id": "shop", "process": "one", "seen_at": timezone.now(), "healthy": True}
    await in_db(lambda: PluginState.objects.create(**hosted))
    install(as_shop(mysql(url=mariadb_shop.url("loose"))))

    await reload_layer("shop", folder)
    told = await in_db(lambda: [one.text for one in panels()[0].lines])
    assert told == [
        "shop: The login has FILE: it may read and write files on the server.",
        "shop: The login may read tables that no entity lists: shop.salaries.",
        "shop: The login may write to: shop.*, shop.orders, shop.salaries.",
    ]

    install(as_shop(mariadb_shop.plugin()))
    await reload_layer("shop", folder)
    assert await in_db(PluginRepair.objects.count) == 0
    mariadb_shop.ask("DROP USER loose@localhost")
