"""One query at DuckDB: read-only, interrupted at its limit, in a thread and session of its own."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from plugins_app.reference.duckdb.database import INSTALL, Database
from plugins_app.reference.duckdb.errors import explained
from plugins_app.reference.duckdb.exact import Shape
from plugins_app.sdk import PluginError, QueryLimits, QueryResult, fetch_within, require

INTERRUPT_EVERY_S = 0.02
TOO_SLOW = "The query took too long and was stopped. Ask for less at once."
DESCRIBE = "DESCRIBE "


@dataclass
class _Session:
    """The session of one query; `stopped` says that nothing of it is wanted any more."""

    cursor: Any = None
    stopped: bool = False


class DuckdbConnection:
    """Queries of one database; several run at once."""

    def __init__(self, database: Database, timeout_ms: int) -> None:
        self._database = database
        self._timeout_ms = timeout_ms

    async def query(
        self, sql: str, timeout_ms: int | None = None, *, limits: QueryLimits | None = None
    ) -> QueryResult:
        """Fetch at most `max_rows` + 1 rows; the last one only tells that there are more."""
        session = _Session()
        running = asyncio.ensure_future(
            asyncio.to_thread(self._run, session, sql, limits or QueryLimits())
        )
        try:
            async with asyncio.timeout((timeout_ms or self._timeout_ms) / 1000):
                return await asyncio.shield(running)
        except TimeoutError:
            raise PluginError(TOO_SLOW, sqlstate="57014") from None
        finally:
            await _stop(session, running)

    async def close(self) -> None:
        """Let go of the file."""
        await asyncio.to_thread(self._database.close)

    def _run(self, session: _Session, sql: str, limits: QueryLimits) -> QueryResult:
        driver = require("duckdb", INSTALL)
        cursor = session.cursor = self._database.cursor()
        before = ""
        try:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            before = DESCRIBE
            shape = Shape.of(cursor.execute(DESCRIBE + sql).fetchall())
            before, text = shape.asking_for(sql)
            if session.stopped:
                raise PluginError(TOO_SLOW, sqlstate="57014")
            cursor.execute(text)
            rows, truncated = fetch_within(
                lambda count: shape.exact(cursor.fetchmany(count)), limits
            )
            return QueryResult(shape.names, rows, truncated)
        except driver.Error as error:
            raise explained(error, sql, before) from None
        finally:
            cursor.close()


async def _stop(session: _Session, running: "asyncio.Future[QueryResult]") -> None:
    """Interrupt the statement until its thread has ended.

    Again and again, because an interruption between two statements is forgotten.
    """
    session.stopped = True
    while not running.done():
        if session.cursor is not None:
            with contextlib.suppress(Exception):  # the session may just have been closed
                session.cursor.interrupt()
        await asyncio.wait({running}, timeout=INTERRUPT_EVERY_S)
    if not running.cancelled():
        running.exception()  # what was stopped says so, and nobody is left to hear it
