"""Stops asking a plugin that keeps not answering, so that nobody waits for it again and again."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from plugins_app.host.calling import calls
from plugins_app.host.errors import PluginTimeout, PluginUnavailable
from plugins_app.host.registry import Entry

OPENS_AFTER = 3
PAUSE_S = 15.0


class Breaker:
    """Counts the timeouts of one function in a row; after three, calls are refused for 15 s.

    Then one call is let through: it decides whether the pause ends or begins again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._timeouts = 0
        self._paused_until = 0.0

    def seconds_left(self) -> float:
        """Return for how long calls are refused; letting one through refuses the others."""
        if self._timeouts < OPENS_AFTER:
            return 0.0
        left = self._paused_until - self._clock()
        if left <= 0:
            self._paused_until = self._clock() + PAUSE_S
            return 0.0
        return left

    def note(self, *, answered: bool) -> None:
        """Count how a call ended; an error is an answer."""
        self._timeouts = 0 if answered else self._timeouts + 1
        if self._timeouts >= OPENS_AFTER:
            self._paused_until = self._clock() + PAUSE_S


async def call(
    entry: Entry,
    fn: Callable[..., Any],
    /,
    *args: Any,
    timeout_s: float,
    counted_as: str = "",
    **kwargs: Any,
) -> Any:
    """Run a function of a plugin as `calls.call` does, unless it stopped answering lately.

    `counted_as` tells functions apart that one line of the plugin may have made, such as hooks;
    without it the function's own name does.
    """
    name = counted_as or getattr(fn, "__qualname__", "call")
    breaker = entry.breakers.setdefault(name, Breaker())
    left = breaker.seconds_left()
    if left:
        raise PluginUnavailable(
            _("The plugin “%(plugin)s” does not answer; it is asked again in %(seconds)s s.")
            % {"plugin": entry.plugin.label, "seconds": f"{left:.0f}"}
        )
    try:
        result = await calls.call(entry, fn, *args, timeout_s=timeout_s, **kwargs)
    except PluginTimeout:
        breaker.note(answered=False)
        raise
    except asyncio.CancelledError:
        # The caller left; whether the plugin would have answered is not known.
        raise
    except BaseException:
        breaker.note(answered=True)
        raise
    breaker.note(answered=True)
    return result
