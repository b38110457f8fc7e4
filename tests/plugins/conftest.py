"""Fixtures that run plugins in the host, with and without a database."""

import threading

import pytest
from django.db import connections

from atlas.bus import hub
from plugins_app.host import ddl, lifecycle, registry
from plugins_app.host.registry import PluginRegistry
from plugins_app.host.status import PluginStatus
from plugins_app.sdk.testing import FakeContext
from tests.polling import until
from tests.processes.conftest import sign_in

__all__ = ["sign_in"]


@pytest.fixture
def release():
    """An event that blocked threads wait for, set at the end of the test."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def registered():
    """Put healthy plugins into the registry as if they had been started, without a database."""
    made = []

    def register(*plugins):
        entries = PluginRegistry(plugins)
        for entry in entries.all():
            entry.context = FakeContext(entry.id)
            entry.initialized = True
            entry.move(PluginStatus.INITIALIZING)
            entry.move(PluginStatus.HEALTHY)
        registry.set_current(entries)
        made.append(entries)
        return entries.all()

    yield register
    for entries in made:
        for entry in entries.all():
            entry.thread.stop()
    registry.set_current(None)


@pytest.fixture
async def start():
    """Start plugins in the real host, and stop them at the end of the test."""
    yield lambda *plugins, **options: lifecycle.start(plugins, **options)
    await lifecycle.stop()


@pytest.fixture
def owner():
    """Run one statement as the login that owns the tables."""

    def run(statement):
        with connections[ddl.owner_alias()].cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def dropped(owner):
    """Drop the plugin tables that the test made."""
    yield
    names = owner(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'plugin\\_%'"
        " AND relname <> 'plugin_migrations'"
    )
    for (name,) in names:
        owner(f'DROP TABLE "{name}" CASCADE')


@pytest.fixture
async def listening():
    """Run the bus of a process, and wait for what a wake-up brings about."""
    bus = hub.Hub()
    await bus.start()
    hub.install(bus)

    yield until
    await bus.stop()
    hub.install(None)
