"""Queries of one MySQL or MariaDB database: a small pool, and a second way in to stop them."""

import asyncio
import threading
import time
from dataclasses import dataclass, field

from plugins_app.reference.mysql.config import Config
from plugins_app.reference.mysql.errors import TOO_SLOW
from plugins_app.reference.mysql.session import Session
from plugins_app.sdk import PluginError, QueryLimits, QueryResult

KILL_EVERY_S = 0.1
# A server that does not hear is left to its own limit of the statement.
KILLING_FOR_S = 3.0


@dataclass
class _Work:
    """A query and its session; once `stopped`, the session is not used again."""

    session: Session | None = None
    stopped: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class MysqlConnection:
    """At most `pool_size` sessions, each of which runs one query in a thread at a time."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._slots = asyncio.Semaphore(config.pool_size)
        self._idle: list[tuple[Session, float]] = []
        self._closed = False
        self._lock = threading.Lock()

    async def query(
        self, sql: str, timeout_ms: int | None = None, *, limits: QueryLimits | None = None
    ) -> QueryResult:
        """Fetch at most `max_rows` + 1 rows; the last one only tells that there are more."""
        limit_ms, work = timeout_ms or self._config.timeout_ms, _Work()
        try:
            async with asyncio.timeout(limit_ms / 1000), self._slots:
                running = asyncio.ensure_future(
                    asyncio.to_thread(self._run, work, sql, limit_ms, limits or QueryLimits())
                )
                try:
                    return await asyncio.shield(running)
                finally:
                    await self._stop(work, running)
        except TimeoutError:
            raise PluginError(TOO_SLOW, sqlstate="57014") from None

    async def close(self) -> None:
        """End the sessions that wait; those at work end with their query."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for session, _since in idle:
            await asyncio.to_thread(session.close)

    def _run(self, work: _Work, sql: str, timeout_ms: int, limits: QueryLimits) -> QueryResult:
        session, is_clean = self._take(), False
        with work.lock:
            work.session = session
        try:
            if work.stopped:
                raise PluginError(TOO_SLOW, sqlstate="57014")
            result, unread = session.query(sql, timeout_ms, limits)
            is_clean = not unread
            if unread:
                self._kill(session)
            return result
        finally:
            with work.lock:
                work.session = None
                self._give_back(session, is_clean and not work.stopped)

    async def _stop(self, work: _Work, running: "asyncio.Future[QueryResult]") -> None:
        """Have the server stop the statement, until its thread has ended or the server is deaf.

        Again and again, because what is killed between two statements goes on with the next.
        """
        running.add_done_callback(_heard)
        until = time.monotonic() + KILLING_FOR_S
        while not running.done():
            in_vain = time.monotonic() >= until
            if not await asyncio.to_thread(self._interrupt, work, in_vain) or in_vain:
                return
            await asyncio.wait({running}, timeout=KILL_EVERY_S)

    def _interrupt(self, work: _Work, in_vain: bool) -> bool:
        """Stop what runs; False when nothing does, because there is no session yet or any more."""
        with work.lock:
            work.stopped = True
            if work.session is None:
                return False
            # The lock is kept, so that the number belongs to this query while it is killed.
            if in_vain or not self._kill(work.session):
                work.session.break_off()
        return True

    def _kill(self, session: Session) -> bool:
        try:
            other = Session(self._config)
        except PluginError:
            return False
        try:
            other.kill(session.number)
        except PluginError:
            return False
        finally:
            other.close()
        return True

    def _take(self) -> Session:
        while True:
            with self._lock:
                found = self._idle.pop() if self._idle else None
            if found is None:
                return Session(self._config)
            session, since = found
            is_young = (time.monotonic() - since) * 1000 < self._config.idle_timeout_ms
            if is_young and session.is_alive():
                return session
            session.close()

    def _give_back(self, session: Session, is_clean: bool) -> None:
        with self._lock:
            if is_clean and not self._closed:
                self._idle.append((session, time.monotonic()))
                return
        session.close()


def _heard(running: "asyncio.Future[QueryResult]") -> None:
    """Take note of how a query ended that nobody waits for any more."""
    if not running.cancelled():
        running.exception()
