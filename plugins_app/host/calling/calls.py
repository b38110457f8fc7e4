"""The one way into plugin code: on its own thread, with a deadline, with every escape caught."""

import asyncio
import functools
import inspect
import logging
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from plugins_app.host.calling.threads import PluginThread, Worker
from plugins_app.host.errors import PluginFailed, PluginTimeout, PluginUnavailable
from plugins_app.host.options.secrets import masked
from plugins_app.host.registry import Entry
from plugins_app.host.status import PluginStatus

logger = logging.getLogger(__name__)

# What a loop gets on top of a deadline to report a timeout by itself, and to prove it is alive.
GRACE_S = 0.25


@dataclass(frozen=True)
class _Outcome:
    """How a call ended; carried as a value, because some exceptions would break a loop."""

    value: Any = None
    error: BaseException | None = None
    timed_out: bool = False


@dataclass(frozen=True)
class _Place:
    """Where a call runs."""

    worker: Worker
    thread: PluginThread
    synchronous: bool


async def call(
    entry: Entry, fn: Callable[..., Any], /, *args: Any, timeout_s: float, **kwargs: Any
) -> Any:
    """Run a synchronous or asynchronous function of a plugin and return its result.

    Raises `PluginTimeout` at the deadline even when the plugin blocks its loop, and when its loop
    is given up meanwhile; `PluginFailed` for whatever the plugin raises, and `PluginUnavailable`
    when it was switched off. Cancelling the caller cancels an asynchronous function.
    """
    if entry.thread.off_reason:
        raise _switched_off(entry)
    worker = entry.thread.worker()
    work = functools.partial(fn, *args, **kwargs)
    guarded = _guarded(work, timeout_s, _Place(worker, entry.thread, is_synchronous(fn)))
    remote = asyncio.run_coroutine_threadsafe(guarded, worker.loop)
    alive = asyncio.create_task(_answers_after(worker, timeout_s))
    cancelled_before = _cancellations()
    entry.calls += 1
    entry.idle.clear()
    try:
        # Not wait_for: in Python 3.11 it loses a cancellation that comes together with the result.
        async with asyncio.timeout(timeout_s + GRACE_S):
            outcome = await asyncio.wrap_future(remote)
    except TimeoutError:
        if not await alive:
            _replace(entry, worker)
        outcome = _Outcome(timed_out=True)
    except asyncio.CancelledError:
        if _cancellations() > cancelled_before:
            raise
        # The worker was given up, because of another call or for good: what became is unknown.
        outcome = _Outcome(timed_out=True)
    finally:
        alive.cancel()
        entry.calls -= 1
        if not entry.calls:
            entry.idle.set()
    _note_switched_off(entry)
    return _unwrap(entry, fn, outcome, timeout_s)


def _cancellations() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task is not None else 0


def is_synchronous(fn: Callable[..., Any]) -> bool:
    """Tell whether a function runs in a thread of its own and not on the plugin's loop."""
    return not inspect.iscoroutinefunction(inspect.unwrap(fn))


async def _guarded(work: Callable[[], Any], timeout_s: float, place: _Place) -> _Outcome:
    deadline = asyncio.timeout(timeout_s)
    try:
        async with deadline:
            if not place.synchronous:
                return _Outcome(await work())
            outcome = await _in_thread(work, place)
            if inspect.isawaitable(outcome.value):
                return _Outcome(await outcome.value)
            return outcome
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        return _Outcome(error=error)  # the plugin raised it by itself
    except TimeoutError as error:
        return _Outcome(timed_out=True) if deadline.expired() else _Outcome(error=error)
    except BaseException as error:  # noqa: BLE001 - the boundary: SystemExit must not pass
        return _Outcome(error=error)


async def _in_thread(work: Callable[[], Any], place: _Place) -> _Outcome:
    running = place.worker.executor.submit(_attempt, work)
    try:
        return await asyncio.shield(asyncio.wrap_future(running))
    except asyncio.CancelledError:
        # A thread cannot be cancelled: it is counted until it ends, and ended if it computes.
        if not running.done():
            place.thread.note_overdue(running)
        running.add_done_callback(_not_awaited)
        raise


def _not_awaited(running: Future[_Outcome]) -> None:
    """Close a coroutine that came after the deadline: nobody awaits it any more."""
    if running.cancelled() or running.exception() is not None:
        return
    late = running.result().value
    if inspect.iscoroutine(late):
        late.close()


def _attempt(work: Callable[[], Any]) -> _Outcome:
    try:
        return _Outcome(work())
    except BaseException as error:  # noqa: BLE001 - the boundary: SystemExit must not pass
        return _Outcome(error=error)


async def _answers_after(worker: Worker, seconds: float) -> bool:
    """Tell whether the loop is free at the deadline, or soon after it."""
    await asyncio.sleep(seconds)
    return await worker.answers(GRACE_S)


def _replace(entry: Entry, worker: Worker) -> None:
    if entry.thread.abandon(worker):
        for forget in entry.on_replaced:
            forget()


def _note_switched_off(entry: Entry) -> None:
    if entry.thread.off_reason and entry.status == PluginStatus.HEALTHY:
        entry.move(PluginStatus.UNHEALTHY, entry.thread.off_reason)
        logger.error("Plugin %s was switched off: %s", entry.id, entry.thread.off_reason)


def _unwrap(entry: Entry, fn: Callable[..., Any], outcome: _Outcome, timeout_s: float) -> Any:
    names = {"plugin": entry.plugin.label, "seconds": f"{timeout_s:g}"}
    if outcome.timed_out:
        raise PluginTimeout(
            _("The plugin “%(plugin)s” did not answer within %(seconds)s s. Try again.") % names
        )
    if outcome.error is None:
        return outcome.value
    error = outcome.error
    trace = masked("".join(traceback.format_exception(error)), entry.secrets)
    logger.info("Plugin %s, %s: %s", entry.id, getattr(fn, "__name__", "call"), trace)
    reason = entry.scrub(f"{error}") or type(error).__name__
    # "from None": a chained original would carry its unscrubbed text into logs and pages.
    raise PluginFailed(
        _("The plugin “%(plugin)s” failed: %(reason)s") % {**names, "reason": reason}, error
    ) from None


def _switched_off(entry: Entry) -> PluginUnavailable:
    return PluginUnavailable(
        _("The plugin “%(plugin)s” was switched off: %(reason)s. Restart the server.")
        % {"plugin": entry.plugin.label, "reason": entry.thread.off_reason}
    )
