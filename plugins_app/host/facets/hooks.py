"""Runs the hooks of plugins: before-hooks rewrite or reject, after-hooks observe."""

import asyncio
import contextlib
import dataclasses
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from plugins_app.host import ports, registry
from plugins_app.host.calling import breaker
from plugins_app.host.errors import HookRejected, PluginFailed
from plugins_app.host.registry import Entry
from plugins_app.sdk import (
    AfterExplore,
    AfterQuery,
    AfterToolCall,
    BeforeExplore,
    BeforeQuery,
    BeforeToolCall,
    Hook,
    OnRequest,
    OnResponse,
    Reject,
)

logger = logging.getLogger(__name__)

Event = TypeVar("Event", BeforeQuery, BeforeExplore, BeforeToolCall, AfterToolCall)
Observed = AfterQuery | AfterExplore | OnRequest | OnResponse
MOST_OBSERVING = 500
# Roughly what results that wait for observers may take; one alone may be larger.
MOST_OBSERVED_BYTES = 100_000_000
_MISSING = object()
_observing: dict[asyncio.Task[None], int] = {}
_dropping = False


async def before_query(event: BeforeQuery) -> str:
    """Return the SQL after every hook; raises `HookRejected`. Changed SQL is checked anew."""
    return (await _before("before_query", event, "sql", str)).sql


async def before_explore(event: BeforeExplore) -> str:
    """Return the command after every hook; raises `HookRejected`."""
    return (await _before("before_explore", event, "command", str)).command


async def before_tool_call(event: BeforeToolCall) -> Mapping[str, Any]:
    """Return the arguments after every hook; raises `HookRejected`."""
    return (await _before("before_tool_call", event, "args", Mapping)).args


async def after_tool_call(event: AfterToolCall) -> Any:
    """Return the result after every hook; raises `HookRejected`."""
    return (await _before("after_tool_call", event, "result", object)).result


def after_query(event: AfterQuery) -> None:
    """Tell the observers in the background; nothing they do reaches the caller."""
    _observe("after_query", event)


def after_explore(event: AfterExplore) -> None:
    """Tell the observers in the background; nothing they do reaches the caller."""
    _observe("after_explore", event)


def on_request(event: OnRequest) -> None:
    """Tell the observers in the background; nothing they do reaches the caller."""
    _observe("on_request", event)


def on_response(event: OnResponse) -> None:
    """Tell the observers in the background; nothing they do reaches the caller."""
    _observe("on_response", event)


def is_watched(point: str) -> bool:
    """Whether any plugin has a hook at this point, so that others cost nothing."""
    return next(_hooks(point), None) is not None


async def drain(within_s: float | None = None) -> None:
    """Wait for observers that still run, each has its own deadline; end them after `within_s`."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while _observing:
                await asyncio.gather(*_observing, return_exceptions=True)


async def _before(point: str, event: Event, key: str, kind: type) -> Event:
    for placed in _hooks(point):
        try:
            event = await _one(placed, event, key, kind)
        except _Skipped as skipped:
            if placed.hook.mandatory:
                raise _rejected(placed.entry, str(skipped)) from None
            logger.warning("Hook %s of plugin %s: %s", point, placed.entry.id, skipped)
    return event


class _Skipped(Exception):
    """A hook could not do its work."""


@dataclasses.dataclass(frozen=True)
class _Placed:
    """A hook, whose it is, and its place among those of its point."""

    entry: Entry
    hook: Hook[Any]
    place: str

    async def handle(self, event: object) -> Any:
        return await self._call(
            self.hook.handler, f"{self.place} handler", event, self.entry.context
        )

    async def matches(self, event: object) -> bool:
        if self.hook.matcher is None:
            return True
        try:
            return bool(await self._call(self.hook.matcher, f"{self.place} matcher", event))
        except AtlasError as error:
            raise _Skipped(error.user_message) from None

    async def _call(self, fn: Callable[..., Any], name: str, *args: Any) -> Any:
        timeout_s = self.hook.timeout_s
        return await breaker.call(self.entry, fn, *args, timeout_s=timeout_s, counted_as=name)


async def _one(placed: _Placed, event: Event, key: str, kind: type) -> Event:
    entry = placed.entry
    if not entry.healthy:
        raise _Skipped(_("the plugin is not healthy"))
    if not await placed.matches(event):
        return event
    try:
        changes = await placed.handle(event)
    except PluginFailed as failure:
        reason = failure.error.reason if isinstance(failure.error, Reject) else str(failure.error)
        raise _rejected(entry, reason) from None
    except AtlasError as error:
        raise _Skipped(error.user_message) from None
    return _changed(event, changes, key, kind)


def _changed(event: Event, changes: object, key: str, kind: type) -> Event:
    if changes is None:
        return event
    value = changes.get(key, _MISSING) if isinstance(changes, Mapping) else _MISSING
    if value is _MISSING or not isinstance(value, kind):
        raise _Skipped(_("it returned something that is no change of “%(key)s”") % {"key": key})
    change: dict[str, Any] = {key: value}
    return dataclasses.replace(event, **change)


def _observe(point: str, event: Observed) -> None:
    found = list(_hooks(point))
    if not found:
        return
    size = _size(event)
    if not _has_room(point, size):
        return
    task = asyncio.get_running_loop().create_task(_tell(point, found, event))
    _observing[task] = size
    task.add_done_callback(_observing.pop)


def _has_room(point: str, size: int) -> bool:
    """Whether one more may wait; tells once when it begins that some are not told."""
    global _dropping
    is_full = len(_observing) >= MOST_OBSERVING or (
        bool(_observing) and sum(_observing.values()) + size > MOST_OBSERVED_BYTES
    )
    if is_full and not _dropping:
        logger.warning("Observers of plugins are too slow: some are not told, first %s", point)
    _dropping = is_full
    return not is_full


def _size(event: Observed) -> int:
    """Roughly the bytes of an event; counted no further than the bound."""
    left: list[object] = [vars(event)]
    size = 0
    while left and size <= MOST_OBSERVED_BYTES:
        value = left.pop()
        size += sys.getsizeof(value)
        if isinstance(value, Mapping):
            left.extend(value.values())
        elif isinstance(value, list | tuple | set):
            left.extend(value)
    return size


async def _tell(point: str, found: list[_Placed], event: Observed) -> None:
    for placed in found:
        try:
            if placed.entry.healthy and await placed.matches(event):
                await placed.handle(event)
        except (AtlasError, _Skipped) as error:
            logger.warning("Hook %s of plugin %s: %s", point, placed.entry.id, error)


def _hooks(point: str) -> Iterator[_Placed]:
    if not registry.is_running():
        return
    for entry in registry.current().all():
        if entry.enabled and entry.id not in ports.asking():
            for index, hook in enumerate(getattr(entry.plugin.hooks, point)):
                yield _Placed(entry, hook, f"{point} {index}")


def _rejected(entry: Entry, reason: str) -> HookRejected:
    return HookRejected(
        _("The plugin “%(plugin)s” refused this: %(reason)s")
        % {"plugin": entry.plugin.label, "reason": entry.scrub(reason)},
        entry.id,
    )
