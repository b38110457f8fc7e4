"""Puts a plugin with another configuration in the place of the running one."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.db import Error
from django.utils.translation import gettext as _

from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from plugins_app.host import registry
from plugins_app.host.calling import calls
from plugins_app.host.context import build_context
from plugins_app.host.errors import PluginFailed, StartBlocked
from plugins_app.host.options import overrides
from plugins_app.host.options.overrides import Stored
from plugins_app.host.registry import Entry
from plugins_app.host.upkeep import health, repairs
from plugins_app.host.upkeep.repairs import Repair
from plugins_app.sdk import HealthResult, Plugin, PluginError

logger = logging.getLogger(__name__)

AREA = "configuration"
CALLS_DEADLINE_S = 30.0
BUILD_DEADLINE_S = 10.0
Step = Callable[[Entry], Awaitable[None]]

_retiring: dict[asyncio.Task[None], Entry] = {}


class NotConfigurable(AtlasError):
    """The plugin was not made by a factory, so its configuration is only in the file."""

    code = "not_configurable"


def rebuilt(plugin: Plugin[Any], values: Mapping[str, Any]) -> Plugin[Any]:
    """Return the plugin with stored options over those of the file; raises `PluginError`."""
    if plugin.origin is None:
        raise NotConfigurable(
            _("“%(plugin)s” has no options: it was not made by a factory.")
            % {"plugin": plugin.label}
        )
    origin = plugin.origin
    made: Plugin[Any] = origin.factory({**origin.options, **values}, id=plugin.id)
    # What is kept are the options of the file, so that removing a stored one brings them back.
    return made.with_origin(origin)


async def tried(plugin: Plugin[Any], values: Mapping[str, Any]) -> HealthResult:
    """Make the plugin with these options and ask its own health check; nothing is replaced."""
    entry = Entry(await _built(plugin, values))
    entry.context = build_context(entry, {})
    try:
        return await health.probe(entry)
    finally:
        entry.thread.stop()


async def with_stored(plugins: list[Plugin[Any]]) -> tuple[list[Plugin[Any]], dict[str, int]]:
    """Return the plugins with what is stored for them, and the versions that were used.

    Stored options that cannot be used leave the plugin as the file has it, with a repair.
    """
    try:
        stored = await in_db(overrides.latest)
    except Error:
        logger.warning("The stored configuration could not be read; the file's counts")
        return plugins, {}
    made, versions = [], {}
    for plugin in plugins:
        if plugin.id in stored:
            plugin = await _used(plugin, stored[plugin.id])
            versions[plugin.id] = stored[plugin.id].number
        made.append(plugin)
    return made, versions


async def replace(entry: Entry, stored: Stored, start: Step, stop: Step) -> None:
    """Start the plugin anew with stored options and take the old one down after its calls.

    When the new one cannot be made or started, the old one goes on and a repair says why.
    """
    entry.config_version = stored.number
    try:
        fresh = Entry(await _built(entry.plugin, stored.values))
        fresh.enabled, fresh.config_version = entry.enabled, stored.number
        fresh.context = build_context(fresh, entry.context.config if entry.context else {})
        await start(fresh)
        if fresh.enabled and not fresh.usable:
            raise PluginError(fresh.reason or _("it could not be started"))
    except (PluginError, AtlasError, StartBlocked) as error:
        logger.error("The new configuration of %s is not used: %s", entry.id, error)
        await repairs.note(entry.id, AREA, [_repair(entry.scrub(str(error)))])
        if entry.usable:
            # The old one has started and goes on.
            await repairs.note(entry.id, repairs.START, [])
        return
    registry.current().put(fresh)
    # At once: whoever is cancelled while it writes leaves the old one to nobody.
    task = asyncio.get_running_loop().create_task(_retire(entry, stop))
    _retiring[task] = entry
    task.add_done_callback(_retiring.pop)
    await repairs.note(entry.id, AREA, [])


async def drain(within_s: float = CALLS_DEADLINE_S) -> None:
    """Wait for old plugins that still have calls, then take them down all the same."""
    if not _retiring:
        return
    await asyncio.wait(_retiring, timeout=within_s)
    for entry in _retiring.values():
        # Only the retirement waits for it, and there is no time left for the calls.
        entry.idle.set()
    await asyncio.gather(*_retiring, return_exceptions=True)


async def _built(plugin: Plugin[Any], values: Mapping[str, Any]) -> Plugin[Any]:
    """Do as `rebuilt` on a thread of its own, since its model and `create` are foreign code."""
    maker = Entry(plugin)
    try:
        made: Plugin[Any] = await calls.call(
            maker, rebuilt, plugin, values, timeout_s=BUILD_DEADLINE_S
        )
    except PluginFailed as failed:
        if isinstance(failed.error, PluginError | AtlasError):
            raise failed.error from None
        raise
    finally:
        maker.thread.stop()
    return made


async def _retire(entry: Entry, stop: Step) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CALLS_DEADLINE_S):
            await entry.idle.wait()
    await stop(entry)
    entry.thread.stop()


async def _used(plugin: Plugin[Any], stored: Stored) -> Plugin[Any]:
    try:
        made = await _built(plugin, stored.values)
    except (PluginError, AtlasError) as error:
        await repairs.note(plugin.id, AREA, [_repair(str(error))])
        return plugin
    await repairs.note(plugin.id, AREA, [])
    return made


def _repair(reason: str) -> Repair:
    return Repair(
        "stored configuration",
        _("The stored configuration is not used: %(reason)s") % {"reason": reason},
        _("Correct it on the page of the plugin, or go back to an earlier version."),
        button=repairs.OPTIONS,
    )
