"""The PostgreSQL datasource: read-only transactions, limits on the server, cancellation."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, Error, errors
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from pydantic import Field, SecretStr, field_validator

from plugins_app.builtin import postgres_policies
from plugins_app.builtin.postgres_account import inspect_account
from plugins_app.builtin.postgres_tables import describe_tables
from plugins_app.sdk import (
    AccountReport,
    Datasource,
    HealthResult,
    Plugin,
    PluginConfig,
    PluginError,
    PolicyTable,
    QueryLimits,
    QueryResult,
    RowClaims,
    TableDescription,
    create_plugin,
    measured,
)

FIRST_SLICE = 50
LARGEST_SLICE = 2_000
CONNECT_TIMEOUT_S = 5
SESSION: dict[str, Any] = {
    "autocommit": True,
    # Statements are never the same twice, and resetting a session forgets prepared ones.
    "prepare_threshold": None,
    "connect_timeout": CONNECT_TIMEOUT_S,
    "application_name": "atlas",
    # Statements are sent as UTF-8, whatever the database keeps or the login is set to.
    "client_encoding": "utf8",
}
DIALECT = "This datasource is PostgreSQL. Use DATE_TRUNC() for date truncation."
# How the driver opens a server-side cursor.
DECLARED = 'DECLARE "{}" CURSOR FOR '
UNREACHABLE = "The database cannot be reached. Check that it runs and that its address is right."


class Config(PluginConfig):
    """Where the database is and what one query may cost."""

    url: SecretStr
    pool_size: int = Field(default=5, ge=1, le=100)
    timeout_ms: int = Field(default=30_000, ge=1)
    lock_timeout_ms: int = Field(default=2_000, ge=1)
    work_mem: str = Field(default="32MB", pattern=r"^[1-9][0-9]*(kB|MB|GB)$")
    dialect: str = DIALECT

    @field_validator("url")
    @classmethod
    def is_postgres(cls, url: SecretStr) -> SecretStr:
        """Refuse every other kind of address."""
        if not url.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must start with postgresql:// or postgres://")
        return url


class PostgresConnection:
    """A pool whose every query is one read-only transaction with the server's own limits."""

    def __init__(self, config: Config, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._config = config
        self._pool = pool
        self._numbers = itertools.count(1)

    @classmethod
    async def open(cls, config: Config) -> "PostgresConnection":
        pool = AsyncConnectionPool(
            config.url.get_secret_value(),
            connection_class=AsyncConnection,
            kwargs=SESSION,
            min_size=0,
            max_size=config.pool_size,
            timeout=CONNECT_TIMEOUT_S,
            # One that goes on trying waits longer and longer, and blocks fresh attempts.
            reconnect_timeout=CONNECT_TIMEOUT_S,
            check=AsyncConnectionPool.check_connection,
            reset=_reset,
            open=False,
        )
        await pool.open()
        return cls(config, pool)

    async def query(
        self,
        sql: str,
        timeout_ms: int | None = None,
        *,
        limits: QueryLimits | None = None,
        claims: RowClaims | None = None,
    ) -> QueryResult:
        """Fetch at most `max_rows` + 1 rows; the last one only tells that there are more."""
        limits = limits or QueryLimits()
        name = f"atlas_{next(self._numbers)}"
        try:
            # A server-side cursor: one statement by the extended protocol, fetched in slices.
            async with (
                self._transaction(timeout_ms, claims) as connection,
                connection.cursor(name) as cursor,
            ):
                await cursor.execute(sql.encode())
                columns = [column.name for column in cursor.description or ()]
                rows, truncated = await _fetch(cursor, limits)
        except (Error, PoolTimeout) as error:
            raise _explained(error, before=DECLARED.format(name)) from None
        return QueryResult(columns, rows, truncated)

    async def estimate(
        self, sql: str, timeout_ms: int | None = None, *, claims: RowClaims | None = None
    ) -> float:
        """The planner's total cost, in its own units; the statement itself is not run."""
        try:
            async with (
                self._transaction(timeout_ms, claims) as connection,
                connection.cursor() as cursor,
            ):
                await cursor.execute(b"EXPLAIN (FORMAT JSON) " + sql.encode())
                row = await cursor.fetchone()
        except (Error, PoolTimeout) as error:
            raise _explained(error) from None
        return float(row[0][0]["Plan"]["Total Cost"]) if row else 0.0

    async def close(self) -> None:
        await self._pool.close(timeout=2)

    @asynccontextmanager
    async def _transaction(
        self, timeout_ms: int | None, claims: RowClaims | None
    ) -> AsyncIterator[AsyncConnection[Any]]:
        async with self._pool.connection() as connection:
            await connection.execute("BEGIN READ ONLY")
            try:
                limits = self._limits(timeout_ms or self._config.timeout_ms)
                await connection.execute(_SETTINGS, limits)
                if claims is not None:
                    await postgres_policies.tell(connection, claims)
                yield connection
            finally:
                if not connection.closed:
                    await asyncio.shield(connection.execute("ROLLBACK"))

    def _limits(self, timeout_ms: int) -> tuple[str, ...]:
        lock_timeout_ms = min(timeout_ms, self._config.lock_timeout_ms)
        idle_ms = timeout_ms + 5_000
        return str(timeout_ms), str(lock_timeout_ms), str(idle_ms), self._config.work_mem


# The last two are how literals and intervals are spelled: a database or login may have them set
# so that the text which was checked would be read as another one.
_SETTINGS = (
    "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
    " set_config('idle_in_transaction_session_timeout', %s, true),"
    " set_config('work_mem', %s, true),"
    " set_config('standard_conforming_strings', 'on', true),"
    " set_config('intervalstyle', 'postgres', true)"
)


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""

    async def create() -> PostgresConnection:
        return await PostgresConnection.open(config)

    async def health_check() -> HealthResult:
        return await measured(probe, timeout_s=CONNECT_TIMEOUT_S)

    async def probe() -> HealthResult:
        async with _own_session(config) as connection:
            count = await postgres_policies.count_holding(connection)
        message = f"The database itself keeps row policies on {count} tables" if count else ""
        return HealthResult(True, message)

    async def account(listed: Sequence[str]) -> AccountReport:
        async with _own_session(config) as connection:
            return await inspect_account(connection, listed)

    async def tables() -> list[TableDescription]:
        async with _own_session(config) as connection:
            return await describe_tables(connection)

    async def policies(tables: Sequence[str]) -> list[PolicyTable]:
        async with _own_session(config) as connection:
            return await postgres_policies.inspect_tables(connection, tables)

    return Plugin(
        id="postgres",
        types=("datasource",),
        version="1.0.0",
        name="PostgreSQL",
        config=config,
        datasource=Datasource(
            create=create,
            db_type="postgres",
            dialect=config.dialect,
            inspect_account=account,
            inspect_policies=policies,
            inspect_tables=tables,
        ),
        health_check=health_check,
    )


@asynccontextmanager
async def _own_session(config: Config) -> AsyncIterator[AsyncConnection[Any]]:
    try:
        session = await AsyncConnection.connect(config.url.get_secret_value(), **SESSION)
        async with session:
            yield session
    except Error as error:
        raise _explained(error) from None


async def _reset(connection: AsyncConnection[Any]) -> None:
    await connection.execute("DISCARD ALL")


async def _fetch(cursor: Any, limits: QueryLimits) -> tuple[list[tuple[Any, ...]], bool]:
    rows: list[tuple[Any, ...]] = []
    size = 0
    wanted = FIRST_SLICE
    while len(rows) <= limits.max_rows:
        piece = await cursor.fetchmany(min(wanted, limits.max_rows + 1 - len(rows)))
        if not piece:
            return rows, False
        for row in piece:
            size += _size(row)
            if size > limits.max_bytes:
                return rows, True
            rows.append(row)
        # The next slice is sized by what the rows were so far, so that wide rows come in few.
        room = (limits.max_bytes - size) * len(rows) // max(size, 1)
        wanted = max(1, min(LARGEST_SLICE, room))
    return rows[: limits.max_rows], True


def _size(row: Sequence[Any]) -> int:
    return sum(len(value) if isinstance(value, str | bytes) else 16 for value in row)


def _explained(error: Exception, *, before: str = "") -> PluginError:
    """Return an error that people and the agent can act on, without addresses.

    `before` is what the driver put before the statement, which the engine's positions count.
    """
    if isinstance(error, errors.QueryCanceled):
        return PluginError("The query took too long and was stopped. Ask for less at once.")
    if isinstance(error, PoolTimeout):
        return PluginError("The database is busy or cannot be reached. Try again in a moment.")
    if not isinstance(error, Error) or error.diag.message_primary is None:
        return PluginError(_not_connected(str(error)))
    primary, hint = error.diag.message_primary, error.diag.message_hint
    at = int(error.diag.statement_position or 0) - len(before)
    text = f"{primary}. {hint}" if hint else f"{primary}."
    return PluginError(text, position=at if at > 0 else None)


def _not_connected(text: str) -> str:
    """Return why there is no session; only the text tells, and it holds the address."""
    if "authentication failed" in text or "no password supplied" in text:
        return "The database refused the login. Check its name and password."
    if "does not exist" in text:
        return "There is no such database or login on the server. Check the address."
    return UNREACHABLE


postgres = create_plugin(config_model=Config, create=build)
