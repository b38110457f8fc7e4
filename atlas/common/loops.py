"""Work that a process does for ever: whatever one round raises, the next one comes."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from weakref import WeakSet

from atlas.common.db import is_outage

logger = logging.getLogger(__name__)

RETRY_S = 0.5
LAST_RETRY_S = 2.0

_started: "WeakSet[asyncio.Task[None]]" = WeakSet()


def forever(
    name: str,
    attempt: Callable[[], Awaitable[object]],
    *,
    retry_s: float = RETRY_S,
    on_failure: Callable[[], object] = lambda: None,
) -> asyncio.Task[None]:
    """Start to do `attempt` again and again in a task, which ends when it is cancelled.

    One that fails is logged, and the next one comes after `retry_s`, later while they go on
    failing. `attempt` does its own waiting between rounds that succeed.
    """
    task = asyncio.create_task(_again_and_again(name, attempt, retry_s, on_failure), name=name)
    _started.add(task)
    return task


def dead() -> list[str]:
    """The names of what should go on in this process and ended."""
    return sorted(task.get_name() for task in _started if task.done() and not task.cancelled())


def told(what: str, error: BaseException) -> None:
    """Log a failure: in a line when Postgres is away, with its trace otherwise."""
    if is_outage(error):
        logger.warning("%s waits for Postgres: %s", what, str(error).strip().partition("\n")[0])
    else:
        logger.error("%s failed", what, exc_info=error)


async def cancelled(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel the tasks and wait until they have ended, however each of them does."""
    waiting = list(tasks)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def ended(what: str, stopping: Awaitable[object]) -> None:
    """Wait for one step of a stop; one that fails is logged, and the next ones come."""
    try:
        await stopping
    except Exception:
        logger.exception("Stopping %s failed", what)


async def _again_and_again(
    name: str,
    attempt: Callable[[], Awaitable[object]],
    retry_s: float,
    on_failure: Callable[[], object],
) -> None:
    pause = retry_s
    while True:
        began = time.monotonic()
        try:
            await attempt()
            failure: BaseException | None = None
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - logged below
            failure = error
        # Whoever waited for a commit may have been cancelled and still have returned or raised.
        if _is_cancelled():
            raise asyncio.CancelledError
        if failure is None:
            pause = retry_s
            continue
        told(name, failure)
        on_failure()
        if time.monotonic() - began > LAST_RETRY_S:
            pause = retry_s
        await asyncio.sleep(pause)
        pause = min(pause * 2, max(LAST_RETRY_S, retry_s))


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
