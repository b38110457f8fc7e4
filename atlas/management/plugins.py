"""Plugins for a command that needs them: started, used, stopped, with nothing else running."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from atlas import boot
from plugins_app.host.facets import connections
from plugins_app.sdk import QueryLimits

Result = TypeVar("Result")
TIMEOUT_MS = 60_000
MOST_ROWS = 100_000


class Console:
    """Whoever types a command, as the audit log names them."""

    pk = None

    def get_username(self) -> str:
        return "console"


def with_plugins(work: Callable[[], Awaitable[Result]]) -> Result:
    """Start the configured plugins, do the work and stop them again, whatever happens."""

    async def run() -> Result:
        running = await boot.start("command")
        try:
            return await work()
        finally:
            await running.stop(0)

    return asyncio.run(run())


def asker(datasource: str) -> Callable[[str], Awaitable[Sequence[Sequence[Any]]]]:
    """What runs one of our own statements on a datasource and gives rows as sequences."""

    async def ask(sql: str) -> Sequence[Sequence[Any]]:
        result = await connections.query(
            datasource, sql, timeout_ms=TIMEOUT_MS, limits=QueryLimits(max_rows=MOST_ROWS)
        )
        return [list(row.values()) if isinstance(row, dict) else row for row in result.rows]

    return ask
