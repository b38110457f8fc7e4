"""Fixtures that run plugins in the host, with and without a database."""

import threading

import pytest
from django.db import connections

from atlas.bus import hub
from plugins_app.host import lifecycle
from plugins_app.host.calling import calls
from plugins_app.host.tables import ddl
from tests.hosted import host, let_go
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
def patient(monkeypatch):
    """Take no loop for a blocked one: on a busy machine a free one may answer late."""
    monkeypatch.setattr(calls, "GRACE_S", 30.0)


@pytest.fixture
def registered():
    """Host plugins without a database; returns their entries."""
    made = []

    def register(*plugins):
        made.append(host(*plugins))
        return made[-1].all()

    yield register
    for entries in made:
        let_go(entries)


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
