"""Background work of the host: periodic health checks, the mirror, and wake-ups from others."""

import asyncio
import functools
import logging
import weakref
from collections.abc import Awaitable, Callable

from django.db import Error
from django.utils import timezone
from django.utils.translation import gettext as _

from atlas.bus.hub import Subscription
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.common.loops import cancelled, forever
from plugins_app.host import registry
from plugins_app.host.calling import watchdog
from plugins_app.host.contexts import fragments, pinning
from plugins_app.host.registry import Entry
from plugins_app.host.upkeep import health, installation, mirror, notices, repairs
from plugins_app.host.upkeep.repairs import Repair

logger = logging.getLogger(__name__)

INTERVAL_S = 30.0
LOOK_S = 5.0

_tasks: list[asyncio.Task[None]] = []
_wakes: Subscription | None = None
_noted: "weakref.WeakKeyDictionary[Entry, str]" = weakref.WeakKeyDictionary()


def start(
    settings_changed: Callable[[], Awaitable[None]], restart: Callable[[str], Awaitable[None]]
) -> None:
    """Begin the background work of this process."""
    global _wakes
    work = {"checks": _check, "watchdog": _watch, "installation": _look}
    _tasks.extend(forever(f"plugin-{name}", do, retry_s=INTERVAL_S) for name, do in work.items())
    _wakes = notices.subscribe()
    if _wakes is not None:
        listen = functools.partial(_listen, _wakes, settings_changed, restart)
        _tasks.append(forever("plugin-wakes", listen))


async def stop() -> None:
    """End the background work and wait until it has ended."""
    global _wakes
    await cancelled(_tasks)
    _tasks.clear()
    if _wakes is not None:
        _wakes.close()
        _wakes = None


async def check_now(plugin_id: str) -> str:
    """Probe one plugin and write the result; return the message, empty when it is healthy."""
    report = await health.check(plugin_id)
    await _note_health()
    await mirror.write_all()
    return "" if report.result.healthy else report.result.message or "unhealthy"


async def refresh_now(plugin_id: str, by: str = "") -> fragments.Refreshed:
    """Refresh the context of one plugin in this process and write what it is now."""
    await pinning.follow()
    refreshed = await fragments.refresh(plugin_id)
    await pinning.keep(refreshed, by)
    await mirror.write_all()
    return refreshed


async def _note_health() -> None:
    """Write a repair for each plugin whose health check began to say no, and clear it after.

    What others are writing is written when this returns.
    """
    async with registry.current().noting:
        for entry in registry.current().all():
            await _note_health_of(entry)


async def _note_health_of(entry: Entry) -> None:
    is_ill = entry.usable and not entry.healthy
    said = entry.reason if is_ill else ""
    if _noted.get(entry, "") == said:
        return
    _noted[entry] = said
    cure = _("Correct what the message names, or its options. It is checked again by itself.")
    found = [Repair("check", said, cure, button=repairs.CHECK)] if is_ill else []
    await repairs.note(entry.id, "health", found)


async def _refresh_all() -> None:
    """A reload of the semantic layer refreshes every context, as what it describes has changed."""
    await fragments.refresh_all()
    await mirror.write_all()


async def _check() -> None:
    await mirror.write_all()
    await health.check_due(timezone.now())
    await _note_health()
    await mirror.write_all()
    await asyncio.sleep(INTERVAL_S)


async def _look() -> None:
    """The first look comes when the processes that start together have started."""
    await asyncio.sleep(INTERVAL_S)
    try:
        await in_db(installation.look)
    except Error:
        logger.warning("The installation could not be looked at; it is tried again")


async def _watch() -> None:
    await asyncio.sleep(LOOK_S)
    await watchdog.look()


async def _listen(
    wakes: Subscription,
    settings_changed: Callable[[], Awaitable[None]],
    restart: Callable[[str], Awaitable[None]],
) -> None:
    async for key in wakes:
        kind, plugin_id = notices.parse(key)
        if kind == notices.SEMANTIC:
            await _heard(_refresh_all())
        elif kind == notices.REFRESH:
            await _heard(refresh_now(plugin_id))
        elif kind == notices.RESTART:
            await _heard(restart(plugin_id))
        else:
            await _heard(settings_changed())


async def _heard(work: Awaitable[object]) -> None:
    try:
        await work
    except AtlasError as error:
        logger.warning("A wake-up about plugins: %s", error.user_message)
