"""Waits in a test for what tells nobody that it has happened, such as a row or a thread's work."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

from atlas.common.db import in_db

PATIENCE_S = 60.0


async def until(condition: Callable[[], Any], timeout_s: float = PATIENCE_S) -> None:
    """Ask again until `condition`, a function or a coroutine function, says yes.

    Raises `TimeoutError` when it never does.
    """
    async with asyncio.timeout(timeout_s):
        while True:
            answer = condition()
            if await answer if inspect.isawaitable(answer) else answer:
                return
            await asyncio.sleep(0.01)


async def until_stored(condition: Callable[[], Any], timeout_s: float = PATIENCE_S) -> None:
    """The same for a condition that asks the database."""
    await until(lambda: in_db(condition), timeout_s)
