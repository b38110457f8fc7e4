"""Each known problem is a row that says what it means, and has a button or a command for it."""

import asyncio
import datetime
import socket
import sys
import threading

import pytest
from django.contrib.auth import get_user_model
from django.db.models.functions import Now
from django.test import Client

from atlas.common.db import in_db
from plugins_app.host import lifecycle, registry
from plugins_app.host.models import PluginLease, PluginRepair
from plugins_app.host.upkeep import background, health, installation, leases, mirror, repairs
from plugins_app.host.upkeep.presence import Presence
from plugins_app.host.upkeep.repairs import Repair
from plugins_app.sdk import Field, HealthResult, Plugin, Table, require
from tests.plugins.database import rows
from tests.polling import until_stored

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

LIST = "/admin/plugins/pluginrepair/"


class Gauge:
    """A plugin that needs a driver, and whose health is told."""

    def __init__(self, **given):
        self.ill = ""
        facets = {"initialize": self.initialize, "schema": {}} | given
        self.plugin = Plugin(
            id="gauge",
            types=("action",),
            version="1",
            name="Gauge",
            health_check=lambda: HealthResult(not self.ill, self.ill, 1.0),
            **facets,
        )

    def initialize(self, ctx):
        require("gauge_driver", "pip install gauge-driver")


class Operator:
    """Ada at the list of repairs and at the page of a plugin."""

    def __init__(self):
        self.client = Client()
        self.client.force_login(get_user_model().objects.create(username="ada", role="admin"))

    async def list(self):
        return await in_db(lambda: self.client.get(LIST).content.decode())

    async def press(self, repair):
        """Click the button of a row of the list."""
        return await in_db(self._text, LIST, {"fix": str(repair.pk)})

    async def press_on_page(self, repair):
        page = "/admin/plugins/pluginstate/plugin/gauge/"
        return await in_db(self._text, page, {"do": "fix", "repair": str(repair.pk)})

    def _text(self, address, data):
        return self.client.post(address, data, follow=True).content.decode()


@pytest.fixture
async def ada():
    return await in_db(Operator)


async def the_repair(**about):
    return await in_db(PluginRepair.objects.get, **about)


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """Install the driver by calling it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield lambda: (tmp_path / "gauge_driver.py").write_text("")
    sys.modules.pop("gauge_driver", None)


async def test_a_missing_driver_is_installed_and_the_plugin_started_again(start, ada, driver):
    await start(Gauge().plugin)
    repair = await the_repair(plugin_id="gauge")
    assert repair.meaning == (
        "The package gauge_driver is not installed. Install it with: pip install gauge-driver"
    )
    assert (repair.command, repair.button) == ("pip install gauge-driver", "again")
    page = await ada.list()
    assert "<code>pip install gauge-driver</code>" in page
    assert "Start the plugin again" in page

    assert "It is still so: The package gauge_driver" in await ada.press(repair)
    driver()
    assert "Solved: The package gauge_driver" in await ada.press(await the_repair())
    assert registry.current().get("gauge").healthy
    assert await rows(PluginRepair, "pk") == []
    assert "This problem is gone." in await ada.press(repair)


async def test_a_health_check_that_says_no_is_a_repair_until_it_says_yes(start, ada):
    gauge = Gauge(initialize=None)
    await start(gauge.plugin)
    gauge.ill = "the password is refused"
    await background.check_now("gauge")
    repair = await the_repair(area="health")
    assert (repair.meaning, repair.button) == ("the password is refused", "check")
    assert "the password is refused" in await ada.press_on_page(repair)
    gauge.ill = ""
    assert "Solved: the password is refused" in await ada.press_on_page(repair)
    assert await rows(PluginRepair, "pk") == []


async def test_whoever_checks_while_another_writes_what_it_found_finds_it_written(
    start, monkeypatch, release
):
    gauge = Gauge(initialize=None)
    await start(gauge.plugin)
    # The first check of the background would come at any moment.
    await background.stop()
    began, replace = threading.Event(), repairs.replace

    def late(*args):
        began.set()
        release.wait(60)
        replace(*args)

    monkeypatch.setattr(repairs, "replace", late)
    gauge.ill = "the password is refused"
    first = asyncio.create_task(background.check_now("gauge"))
    assert await asyncio.to_thread(began.wait, 10)
    second = asyncio.create_task(background.check_now("gauge"))
    await asyncio.wait([second], timeout=0.2)
    assert not second.done()
    release.set()
    await second
    assert await in_db(PluginRepair.objects.filter(area="health").exists)
    await first


async def test_a_refused_table_is_a_repair_with_a_command(start, ada, owner, dropped):
    required = Field("string", required=True)
    await in_db(
        owner,
        "CREATE TABLE plugin_gauge_marks (id uuid, created_at timestamptz, updated_at timestamptz)",
    )
    await start(Gauge(initialize=None, schema={"marks": Table({"mark": required})}).plugin)
    repair = await the_repair(area="tables")
    assert (repair.command, repair.button) == ("manage.py plugin migrate gauge", "again")
    await in_db(owner, "DROP TABLE plugin_gauge_marks")
    assert "Solved:" in await ada.press(repair)
    assert registry.current().get("gauge").healthy


async def test_without_a_worker_questions_wait_and_a_row_says_so(start, ada):
    await in_db(installation.look)
    repair = await the_repair(area="workers")
    assert repair.meaning == "No worker is alive: questions wait, and approved actions do not run."
    assert (repair.command, repair.button) == ("manage.py worker", "look")
    assert "It is still so: No worker is alive" in await ada.press(repair)
    worker = Presence()
    worker.start()
    await until_stored(PluginLease.objects.exists)
    assert "Solved: No worker is alive" in await ada.press(repair)
    await worker.stop()
    await in_db(installation.look)
    assert await in_db(PluginRepair.objects.filter(area="workers").exists)


async def test_a_worker_that_died_is_not_counted(monkeypatch):
    monkeypatch.setattr(leases, "LEASE_S", -1.0)
    await in_db(leases.take, "worker x", "x")
    await in_db(installation.look)
    assert await in_db(PluginRepair.objects.filter(area="workers").exists)


@pytest.mark.parametrize(
    ("ahead", "told"), [(0.5, False), (-1.9, False), (7.0, True), (-7.0, True)]
)
def test_a_host_whose_clock_is_wrong_is_named(monkeypatch, ahead, told):
    monkeypatch.setattr(installation, "skew_s", lambda: ahead)
    installation.look()
    found = PluginRepair.objects.filter(area__startswith="clock")
    assert found.exists() is told
    if told:
        assert (
            f"{socket.gethostname()} differs from the database's by {ahead:+.1f} s"
            in found.get().meaning
        )
        monkeypatch.undo()
        installation.look()
        assert not found.exists()


@pytest.mark.parametrize(("minutes", "is_there"), [(4, True), (6, False)])
def test_the_clock_of_a_host_that_is_gone_is_no_problem_for_long(minutes, is_there):
    wrong = Repair("clock", "The clock of lost-host is wrong.", "Set it.")
    repairs.replace(repairs.INSTALLATION, "clock lost-host", [wrong])
    found = PluginRepair.objects.filter(area="clock lost-host")
    found.update(seen_at=Now() - datetime.timedelta(minutes=minutes))

    installation.look()

    assert found.exists() is is_there


def test_a_problem_that_is_found_again_is_seen_anew():
    wrong = Repair("clock", "The clock of slow-host is wrong.", "Set it.")
    repairs.replace(repairs.INSTALLATION, "clock slow-host", [wrong])
    found = PluginRepair.objects.filter(area="clock slow-host")
    found.update(seen_at=Now() - datetime.timedelta(minutes=6))

    repairs.replace(repairs.INSTALLATION, "clock slow-host", [wrong])
    installation.look()

    assert found.exists()


def test_one_login_for_everything_is_a_repair(monkeypatch):
    installation.look()
    assert not PluginRepair.objects.filter(area="logins").exists()
    monkeypatch.setattr(installation, "_login", lambda alias: "atlas")
    installation.look()
    repair = PluginRepair.objects.get(area="logins")
    assert "the login that owns its tables (atlas)" in repair.meaning
    assert repair.command == "manage.py db harden --print"


async def test_another_process_starts_it_again_too(start, driver):
    await start(Gauge().plugin)
    driver()
    await lifecycle._restart_elsewhere("gauge:another")
    assert registry.current().get("gauge").healthy
    await mirror.write_all()
    assert (await health.check("gauge")).result.healthy


async def test_only_admins_press(start, driver):
    await start(Gauge().plugin)
    repair = await the_repair(plugin_id="gauge")
    bob = Client()
    await in_db(
        lambda: bob.force_login(get_user_model().objects.create(username="bob", role="analyst"))
    )
    driver()
    answer = await in_db(bob.post, LIST, {"fix": str(repair.pk)})
    assert answer.status_code in (302, 403)
    assert await in_db(PluginRepair.objects.filter(pk=repair.pk).exists)
