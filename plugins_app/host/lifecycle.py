"""Starts and stops plugins: tables first, then initialize in order; teardown in reverse."""

import asyncio
import contextlib
import importlib
import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import Error
from django.utils.translation import gettext as _

from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from plugins_app.host import registry
from plugins_app.host.calling import calls, sync
from plugins_app.host.context import build_context
from plugins_app.host.contexts import pinning
from plugins_app.host.errors import PluginFailed, StartBlocked
from plugins_app.host.facets import actions, backends, connections, hooks, transports
from plugins_app.host.options import overrides, replacing
from plugins_app.host.options.waiting import WaitingPlugin
from plugins_app.host.registration import refuse_unsound
from plugins_app.host.registry import Entry, PluginRegistry
from plugins_app.host.status import PluginStatus
from plugins_app.host.tables.names import table_names
from plugins_app.host.tables.preparing import prepare
from plugins_app.host.upkeep import background, mirror, notices, repairs
from plugins_app.host.upkeep.repairs import Repair
from plugins_app.sdk import (
    BrokenDriverError,
    FatalConfigurationError,
    MissingDriverError,
    Plugin,
    PluginError,
)

logger = logging.getLogger(__name__)

INITIALIZE_DEADLINE_S = 30.0
TEARDOWN_DEADLINE_S = 5.0
STOP_DEADLINE_S = 20.0
# Observers and the calls of replaced plugins may take longer than a stop has time for them.
DRAIN_DEADLINE_S = 3.0


async def start(
    plugins: Sequence[Plugin[Any]],
    *,
    safe_mode: bool = False,
    config: Mapping[str, Any] | None = None,
    variables: Collection[str] = (),
) -> PluginRegistry:
    """Start the plugins of this process and return their registry.

    A plugin that fails is left unhealthy and the others go on, unless it raises
    `FatalConfigurationError` or is `required`: then everything is stopped and `StartBlocked` is
    raised. `config` is shown redacted to plugins; `variables` are the names that are set in the
    environment. With `safe_mode` no plugin is started.
    """
    if not safe_mode:
        refuse_unsound(plugins)
    stored, versions = await replacing.with_stored([] if safe_mode else list(plugins))
    entries = PluginRegistry(stored, variables)
    registry.set_current(entries)
    sync.capture(asyncio.get_running_loop())
    try:
        disabled = await mirror.disabled_ids()
        for entry in entries.all():
            entry.enabled = entry.id not in (disabled or ())
            entry.config_version = versions.get(entry.id, 0)
            entry.context = build_context(entry, config or {})
            _warn_of_credentials(entry, variables)
        await _start_all(entries)
    except BaseException:
        # Also a cancellation: what has started must not outlive a start that nobody waits for.
        await stop()
        raise
    background.start(apply_settings, _restart_elsewhere)
    return entries


async def _start_all(entries: PluginRegistry) -> None:
    for entry in entries.all():
        await _prepare_tables(entry)
    for entry in entries.all():
        await _initialize(entry)
    await pinning.follow()


async def stop() -> None:
    """Tear plugins down, the last one first, 5 s each and 20 s in all; never raises for them."""
    await background.stop()
    if not registry.is_running():
        return
    entries = registry.current().all()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(STOP_DEADLINE_S):
            await asyncio.gather(hooks.drain(DRAIN_DEADLINE_S), replacing.drain(DRAIN_DEADLINE_S))
            for entry in reversed(entries):
                await _tear_down(entry)
    for entry in entries:
        entry.thread.stop()
    registry.set_current(None)
    sync.capture(None)
    await mirror.forget_this_process()


async def apply_settings() -> None:
    """Follow what operators switched or configured: start, tear down or replace what changed.

    What cannot be read changes nothing: a plugin that is switched off stays off.
    """
    async with registry.current().changing:
        disabled = await mirror.disabled_ids()
        if disabled is not None:
            await _follow_switches(disabled)
        await _follow_configuration()
        await pinning.follow()
    await mirror.write_all()


async def restart(plugin_id: str) -> None:
    """Start a plugin anew in this process, for example after what it lacked was installed."""
    importlib.invalidate_caches()
    async with registry.current().changing:
        entry = registry.current().get(plugin_id)
        if entry.enabled:
            await _set_enabled(entry, False)
            await _set_enabled(entry, True)
    await mirror.write_all()


async def _restart_elsewhere(said: str) -> None:
    """Follow a restart that another process began; the one where it began has done it."""
    plugin_id, _, beginner = said.partition(":")
    if beginner != notices.PROCESS:
        await restart(plugin_id)


async def _follow_switches(disabled: Collection[str]) -> None:
    for entry in registry.current().all():
        wanted = entry.id not in disabled
        if wanted != entry.enabled:
            await _set_enabled(entry, wanted)


async def _follow_configuration() -> None:
    try:
        stored = await in_db(overrides.latest)
    except Error:
        logger.warning("The stored configuration could not be read; it is tried again")
        return
    for entry in registry.current().all():
        wanted = stored.get(entry.id)
        if wanted is not None and wanted.number != entry.config_version:
            await replacing.replace(entry, wanted, _start_one, _tear_down)


async def _start_one(entry: Entry) -> None:
    await _prepare_tables(entry)
    await _initialize(entry)


async def _set_enabled(entry: Entry, enabled: bool) -> None:
    entry.enabled = enabled
    if not enabled:
        await _tear_down(entry)
        return
    if entry.status == PluginStatus.TEARDOWN:
        entry.move(PluginStatus.REGISTERED)
    try:
        await _start_one(entry)
    except StartBlocked as error:
        # Nothing can be blocked any more: the process runs, so the plugin alone stays off.
        logger.error("%s", error.user_message)


async def _prepare_tables(entry: Entry) -> None:
    if not entry.enabled or not entry.plugin.schema:
        return
    try:
        await prepare(entry, _tables_of_others(entry))
    except (PluginError, Error) as error:
        _fail(entry, _("Its tables: %(reason)s") % {"reason": error}, fatal=False)


async def _initialize(entry: Entry) -> None:
    if not entry.enabled or entry.status == PluginStatus.UNHEALTHY:
        return
    entry.move(PluginStatus.INITIALIZING)
    entry.tools.clear()
    run = entry.plugin.initialize
    try:
        if run is not None:
            await calls.call(entry, run, entry.context, timeout_s=INITIALIZE_DEADLINE_S)
    except AtlasError as error:
        cause = error.error if isinstance(error, PluginFailed) else None
        fatal = isinstance(cause, FatalConfigurationError)
        await repairs.note(entry.id, repairs.START, [_start_repair(entry, error, cause)])
        _fail(entry, str(cause) if fatal else error.user_message, fatal=fatal)
        return
    entry.initialized = True
    entry.move(PluginStatus.HEALTHY)
    await repairs.note(entry.id, repairs.START, [])


def _start_repair(entry: Entry, error: AtlasError, cause: BaseException | None) -> Repair:
    if isinstance(cause, MissingDriverError | BrokenDriverError):
        cure = _("Install it in every place where Atlas runs; then start the plugin again.")
        return Repair("driver", entry.scrub(str(cause)), cure, cause.command, repairs.AGAIN)
    if isinstance(entry.plugin, WaitingPlugin):
        cure = _("Enter its options on the page of the plugin, or list it in the operator's file.")
        return Repair("options", entry.scrub(str(cause)), cure, button=repairs.OPTIONS)
    cure = _("Correct what the message names; then start the plugin again.")
    return Repair("initialize", entry.scrub(error.user_message), cure, button=repairs.AGAIN)


async def _tear_down(entry: Entry) -> None:
    was_initialized, entry.initialized = entry.initialized, False
    await transports.end(entry)
    await connections.close(entry)
    await backends.close(entry)
    run = entry.plugin.teardown
    entry.tools.clear()
    entry.move(PluginStatus.TEARDOWN)
    if run is None or not was_initialized:
        return
    try:
        await calls.call(entry, run, timeout_s=TEARDOWN_DEADLINE_S)
    except AtlasError as error:
        logger.warning("Teardown of plugin %s: %s", entry.id, error.user_message)


def _fail(entry: Entry, reason: str, *, fatal: bool) -> None:
    entry.move(PluginStatus.UNHEALTHY, reason)
    if fatal or entry.plugin.required:
        raise StartBlocked(
            _("The plugin “%(plugin)s” stops the start: %(reason)s")
            % {"plugin": entry.plugin.label, "reason": entry.reason}
        )
    logger.error("Plugin %s was not started: %s", entry.id, entry.reason)


def _tables_of_others(entry: Entry) -> set[str]:
    """Return the table names of plugins registered before this one."""
    names: set[str] = set()
    for other in registry.current().all():
        if other is entry:
            break
        names.update(table_names(other.plugin).values())
    return names


def _warn_of_credentials(entry: Entry, variables: Collection[str]) -> None:
    for name in actions.missing_credentials(entry.plugin, variables):
        logger.warning("Plugin %s: the credential %s is not set", entry.id, name)
