"""Fixtures that run plugins in the host, with and without a database."""

import pytest

from plugins_app.host import registry
from plugins_app.host.registry import PluginRegistry
from plugins_app.host.status import PluginStatus
from plugins_app.sdk.testing import FakeContext


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
