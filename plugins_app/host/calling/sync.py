"""Lets synchronous code, such as Django admin, run host coroutines on the main loop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from plugins_app.host.errors import HostNotRunning, PluginTimeout

T = TypeVar("T")

_loop: asyncio.AbstractEventLoop | None = None


def capture(loop: asyncio.AbstractEventLoop | None) -> None:
    """Remember the loop that runs the host; only the lifecycle calls it."""
    global _loop
    _loop = loop


def run(coroutine: Coroutine[Any, Any, T], *, timeout_s: float = 30.0) -> T:
    """Run a coroutine on the main loop from another thread and return its result.

    Raises `HostNotRunning` when this process runs no plugins.
    """
    if _loop is None or not _loop.is_running():
        coroutine.close()
        raise HostNotRunning(_("This process runs no plugins. Start it with `manage.py serve`."))
    if _is_current(_loop):
        coroutine.close()
        raise RuntimeError("sync.run was called on the main loop; await the coroutine instead")
    future = asyncio.run_coroutine_threadsafe(coroutine, _loop)
    try:
        return future.result(timeout_s)
    except TimeoutError:
        future.cancel()
        raise PluginTimeout(_("The plugins did not answer in time. Try again.")) from None


async def on_main(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the main loop from the loop of a plugin and return its result."""
    if _loop is None or not _loop.is_running():
        coroutine.close()
        raise HostNotRunning(_("This process runs no plugins. Start it with `manage.py serve`."))
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, _loop))


def _is_current(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
