"""What `manage.py plugin` knows without starting a plugin: the list, and their live status."""

from collections.abc import Iterator
from typing import Any

from django.utils.timezone import now

from atlas.common.errors import AtlasError
from atlas.env import environment
from plugins_app.host import loading
from plugins_app.host.models import PluginSetting, PluginState
from plugins_app.host.upkeep.mirror import FORGET_AFTER
from plugins_app.sdk import Plugin

HEADINGS = ("ID", "Name", "Types", "Version", "Enabled", "Status", "Message")


def configured() -> list[Plugin[Any]]:
    """Return the plugins of the operator's file and of installed packages; starts none."""
    return list(loading.load(environment().config).plugins)


def chosen(plugin_id: str | None) -> list[Plugin[Any]]:
    """Return one plugin, or all; raises `AtlasError` that names those there are."""
    plugins = configured()
    if plugin_id is None:
        return plugins
    found = [plugin for plugin in plugins if plugin.id == plugin_id]
    if not found:
        known = ", ".join(plugin.id for plugin in plugins) or "none"
        raise AtlasError(f"There is no plugin {plugin_id!r}. Known: {known}.")
    return found


def lines() -> Iterator[tuple[str, ...]]:
    """Yield one line for each plugin and running process; without a process it says so."""
    off = set(PluginSetting.objects.filter(enabled=False).values_list("plugin_id", flat=True))
    alive = PluginState.objects.filter(seen_at__gt=now() - FORGET_AFTER)
    states: dict[str, list[PluginState]] = {}
    for state in alive:
        states.setdefault(state.plugin_id, []).append(state)
    for plugin in configured():
        enabled = "no" if plugin.id in off else "yes"
        start = (plugin.id, plugin.label, ", ".join(plugin.types), plugin.version, enabled)
        if plugin.id not in states:
            yield (*start, "not running", "")
        for state in states.get(plugin.id, []):
            yield (*start, state.status, state.message)


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Return the rows under their headings, in columns."""
    everything = [HEADINGS, *rows]
    widths = [max(len(row[n]) for row in everything) for n in range(len(HEADINGS))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in everything
    ]
