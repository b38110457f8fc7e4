"""Waiting for work that cannot be taken back, such as a commit, even when cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def completed(work: Coroutine[Any, Any, T]) -> tuple[T, bool]:
    """Wait until `work` has ended; the second value says whether the caller was cancelled.

    Whoever gets True must raise `asyncio.CancelledError` after clearing up.
    """
    task = asyncio.ensure_future(work)
    caller_left = False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            caller_left = True
    return task.result(), caller_left
