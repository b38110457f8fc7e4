"""Background work of the host: periodic health checks, the mirror, and wake-ups from others."""

import asyncio
import contextlib
import functools
import logging
from collections.abc import Awaitable, Callable

from django.utils import timezone

from atlas.common.errors import AtlasError
from plugins_app.host import fragments, health, mirror, notices, pinning, watchdog

logger = logging.getLogger(__name__)

INTERVAL_S = 30.0
LOOK_S = 5.0

_tasks: list[asyncio.Task[None]] = []


def start(settings_changed: Callable[[], Awaitable[None]]) -> None:
    """Begin the background work of this process."""
    listen = functools.partial(_listen_for_ever, settings_changed)
    for work in (_check_for_ever, _watch_for_ever, listen):
        _tasks.append(asyncio.create_task(_kept_alive(work), name="plugin-upkeep"))


async def stop() -> None:
    """End the background work and wait until it has ended."""
    for task in _tasks:
        task.cancel()
    for task in _tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    _tasks.clear()


async def check_now(plugin_id: str) -> str:
    """Probe one plugin and write the result; return the message, empty when it is healthy."""
    report = await health.check(plugin_id)
    await mirror.write_all()
    return "" if report.result.healthy else report.result.message or "unhealthy"


async def refresh_now(plugin_id: str, by: str = "") -> fragments.Refreshed:
    """Refresh the context of one plugin in this process and write what it is now."""
    await pinning.follow()
    refreshed = await fragments.refresh(plugin_id)
    await pinning.keep(refreshed, by)
    await mirror.write_all()
    return refreshed


async def _refresh_all() -> None:
    """A reload of the semantic layer refreshes every context, as what it describes has changed."""
    await fragments.refresh_all()
    await mirror.write_all()


async def _check_for_ever() -> None:
    while True:
        await mirror.write_all()
        await health.check_due(timezone.now())
        await mirror.write_all()
        await asyncio.sleep(INTERVAL_S)


async def _watch_for_ever() -> None:
    while True:
        await asyncio.sleep(LOOK_S)
        await watchdog.look()


async def _listen_for_ever(settings_changed: Callable[[], Awaitable[None]]) -> None:
    subscription = notices.subscribe()
    if subscription is None:
        return
    try:
        while True:
            kind, plugin_id = notices.parse(await subscription.get())
            if kind == notices.SEMANTIC:
                await _heard(_refresh_all())
            else:
                refreshes = kind == notices.REFRESH
                await _heard(refresh_now(plugin_id) if refreshes else settings_changed())
    finally:
        subscription.close()


async def _heard(work: Awaitable[object]) -> None:
    try:
        await work
    except AtlasError as error:
        logger.warning("A wake-up about plugins: %s", error.user_message)


async def _kept_alive(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception:
            logger.exception("Background work of the plugin host failed; it begins again")
        else:
            return
        await asyncio.sleep(INTERVAL_S)
