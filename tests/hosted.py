"""The pytest plugin that puts plugins into the registry as if the host had started them."""

import pytest

from plugins_app.host import registry
from plugins_app.host.facets import backends, connections, hooks
from plugins_app.host.registry import PluginRegistry
from plugins_app.host.status import PluginStatus
from plugins_app.sdk.testing import FakeContext


def host(*plugins):
    """Make a registry of healthy plugins the current one, without a database."""
    entries = PluginRegistry(plugins)
    for entry in entries.all():
        entry.context = FakeContext(entry.id)
        entry.initialized = True
        entry.move(PluginStatus.INITIALIZING)
        entry.move(PluginStatus.HEALTHY)
    registry.set_current(entries)
    return entries


def let_go(entries):
    """End the threads of hosted plugins."""
    for entry in entries.all():
        entry.thread.stop()
    registry.set_current(None)


@pytest.fixture(autouse=True)
def nothing_stays_hosted():
    """Let go of what a test hosted and left, so that the next one finds what this one found."""
    before = registry.current() if registry.is_running() else None
    yield
    after = registry.current() if registry.is_running() else None
    if after is not before:
        if after is not None:
            let_go(after)
        registry.set_current(before)


@pytest.fixture
async def install():
    """Host plugins for a test, and close what they opened at its end."""
    made = []

    def run(*plugins):
        made.append(host(*plugins))
        return made[-1]

    yield run
    await hooks.drain()
    for entries in made:
        for entry in entries.all():
            await connections.close(entry)
            await backends.close(entry)
        let_go(entries)
