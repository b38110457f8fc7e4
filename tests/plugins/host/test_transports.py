"""An own transport runs in one process at a time, and ends when its plugin does."""

import asyncio
import datetime

import pytest
from django.db.models.functions import Now

from atlas.common.db import in_db
from plugins_app.host import lifecycle, registry
from plugins_app.host.facets import transports
from plugins_app.host.facets.transports import Transports, lease_of
from plugins_app.host.models import PluginLease, PluginRepair
from plugins_app.host.upkeep import leases
from plugins_app.sdk import Interaction, Plugin, PluginShapeError, define_plugin
from tests.plugins.database import rows
from tests.polling import until, until_stored

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

NAME = lease_of("bot")
LEASES = PluginLease.objects.filter(name=NAME)
LONG = datetime.timedelta(hours=1)


class Bot:
    """A plugin whose transport counts how often it runs."""

    def __init__(self, **facet):
        self.running = 0
        self.begun = 0
        self.error = None
        self.stubborn = False
        given = {"transport": self.transport} | facet
        self.plugin = Plugin(
            id="bot", types=("interaction",), version="1", interaction=Interaction(**given)
        )

    async def transport(self, ctx):
        self.begun += 1
        self.running += 1
        try:
            if self.error:
                raise self.error
            await asyncio.Event().wait()
        finally:
            self.running -= 1


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(leases, "LEASE_S", 0.6)
    monkeypatch.setattr(transports, "LOOK_S", 0.01)
    monkeypatch.setattr(transports, "FIRST_PAUSE_S", 0.01)


@pytest.fixture
async def keep():
    """Keep the transports of this process."""
    made = Transports()
    yield made
    await made.stop()


def another_has_taken():
    """As a process did that goes on renewing the lease, whoever had it before."""
    # In one statement: the process that has it now renews it at any moment.
    held = {"owner": "other:1", "since": Now(), "until": Now() + LONG}
    PluginLease.objects.update_or_create(name=NAME, defaults=held)


def another_dies():
    LEASES.update(until=Now())


async def test_it_runs_under_a_lease_that_is_renewed(start, keep):
    bot = Bot()
    await start(bot.plugin)
    keep.start()
    await until(lambda: bot.running == 1)
    ((owner, until_then),) = await rows(LEASES, "owner", "until")
    renewed = LEASES.filter(owner=owner, until__gt=until_then)
    await until_stored(renewed.exists)
    await keep.stop()
    assert (bot.running, bot.begun) == (0, 1)
    assert await rows(LEASES, "owner") == []


async def test_another_process_keeps_it_out_until_its_lease_runs_out(start, keep):
    bot = Bot()
    await in_db(another_has_taken)
    await start(bot.plugin)
    assert await transports.lead(registry.current().get("bot")) is False
    assert bot.begun == 0
    await in_db(another_dies)
    keep.start()
    await until(lambda: bot.running == 1)
    ((owner,),) = await rows(LEASES, "owner")
    assert owner != "other:1"


async def test_it_ends_when_its_lease_is_lost(start, keep):
    bot = Bot()
    await start(bot.plugin)
    leading = asyncio.create_task(transports.lead(registry.current().get("bot")))
    await until(lambda: bot.running == 1)
    await in_db(another_has_taken)
    with pytest.raises(Exception, match="taken its transport over"):
        await leading
    assert bot.running == 0
    assert await rows(LEASES, "owner") == [("other:1",)]


async def test_a_disabled_plugin_has_none_and_an_enabled_one_again(start, keep):
    bot = Bot()
    await start(bot.plugin)
    keep.start()
    await until(lambda: bot.running == 1)
    entry = registry.current().get("bot")
    await lifecycle._set_enabled(entry, False)
    assert bot.running == 0
    await lifecycle._set_enabled(entry, True)
    await until(lambda: bot.running == 1)


async def test_one_that_raises_is_a_repair_and_is_started_again(start, keep):
    bot = Bot()
    bot.error = OSError("no such host")
    await start(bot.plugin)
    keep.start()
    await until(lambda: bot.begun > 1)
    await until_stored(PluginRepair.objects.filter(meaning__contains="no such host").exists)
    bot.error = None
    await until(lambda: bot.running == 1)
    await until_stored(lambda: not PluginRepair.objects.exists())


async def test_one_that_speaks_over_stdio_does_not_run_by_itself(start):
    await start(Bot(stdio=True).plugin)
    assert not transports.has_transport(registry.current().get("bot"))


def test_a_transport_that_cannot_be_cancelled_is_refused():
    with pytest.raises(PluginShapeError, match="transport must be an async def"):
        define_plugin(Bot(transport=lambda ctx: None).plugin)
    define_plugin(Bot(transport=lambda ctx: None, stdio=True).plugin)
