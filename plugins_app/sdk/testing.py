"""A kit for the tests of plugins: fakes of what the host gives, and a check of the contract."""

import asyncio
import inspect
from collections.abc import Awaitable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from plugins_app.sdk.datasource import QueryLimits, QueryResult
from plugins_app.sdk.errors import PluginError
from plugins_app.sdk.factory import define_plugin
from plugins_app.sdk.health import HealthResult
from plugins_app.sdk.host import ActionContext, Attachment, PluginContext
from plugins_app.sdk.plugin import Plugin
from plugins_app.sdk.sandbox import ExploreResult
from plugins_app.sdk.scratch import ScratchDatabase, scratch_database
from plugins_app.sdk.tools import Tool

__all__ = [
    "FakeBackend",
    "FakeConnection",
    "FakeConnections",
    "FakeContext",
    "FakeDatabase",
    "FakeTools",
    "RecordingLogger",
    "ScratchDatabase",
    "assert_plugin_contract",
    "fake_action_context",
    "logged",
    "outcome",
    "scratch_database",
]


T = TypeVar("T")


class RecordingLogger:
    """Keeps what was logged as (level, text)."""

    def __init__(self) -> None:
        """Start with no lines."""
        self.lines: list[tuple[str, str]] = []

    def debug(self, message: str, *args: object) -> None:
        """Keep a line of level debug."""
        self._keep("debug", message, args)

    def info(self, message: str, *args: object) -> None:
        """Keep a line of level info."""
        self._keep("info", message, args)

    def warning(self, message: str, *args: object) -> None:
        """Keep a line of level warning."""
        self._keep("warning", message, args)

    def error(self, message: str, *args: object) -> None:
        """Keep a line of level error."""
        self._keep("error", message, args)

    def _keep(self, level: str, message: str, args: tuple[object, ...]) -> None:
        self.lines.append((level, message % args if args else message))


class FakeDatabase:
    """Records statements and answers with the rows it was given, in turn."""

    def __init__(
        self,
        *answers: Sequence[Mapping[str, Any]],
        plugin_id: str = "test",
        tables: Sequence[str] | None = None,
    ) -> None:
        """Answer the first query with the first sequence; without answers, with no rows."""
        self.statements: list[tuple[str, list[Any]]] = []
        self._answers = [list(map(dict, answer)) for answer in answers]
        self._plugin_id = plugin_id
        self._tables = tables

    def table(self, name: str) -> str:
        """Return the full name as the host builds it."""
        if self._tables is not None and name not in self._tables:
            raise PluginError(f"The table {name} is not declared in this plugin's schema.")
        return f"plugin_{self._plugin_id}_{name}".replace("-", "_").lower()

    async def query(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Record the statement and return the next answer."""
        self.statements.append((sql, list(params)))
        return self._answers.pop(0) if self._answers else []

    async def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Record the statement and report one row."""
        self.statements.append((sql, list(params)))
        return 1


class FakeConnection:
    """A datasource connection that answers every query alike and records what it was asked."""

    def __init__(self, columns: Sequence[str] = ("one",), rows: Sequence[Any] = ((1,),)) -> None:
        """Answer with these columns and rows."""
        self.result = QueryResult(columns, rows)
        self.queries: list[str] = []
        self.cancelled = 0
        self.closed = False

    async def query(
        self, sql: str, timeout_ms: int | None = None, *, limits: QueryLimits | None = None
    ) -> QueryResult:
        """Record the query and return the prepared result."""
        self.queries.append(sql)
        return self.result

    def cancel(self) -> None:
        """Count the cancellation."""
        self.cancelled += 1

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class FakeBackend:
    """An explore backend that answers every command alike and records what it was asked."""

    def __init__(self, result: ExploreResult | None = None) -> None:
        """Answer with this result; without one, with nothing printed."""
        self.result = result or ExploreResult("")
        self.commands: list[str] = []
        self.closed = False

    async def exec(self, command: str) -> ExploreResult:
        """Record the command and return the prepared result."""
        self.commands.append(command)
        return self.result

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class FakeConnections:
    """Datasources by id, each answering like its `FakeConnection`."""

    def __init__(self, **connections: FakeConnection) -> None:
        """Offer these datasources."""
        self._connections = connections

    def list(self) -> tuple[str, ...]:
        """Return the ids."""
        return tuple(self._connections)

    def get(self, connection_id: str) -> FakeConnection:
        """Return one of them."""
        if connection_id not in self._connections:
            raise PluginError(f"There is no datasource {connection_id}.")
        return self._connections[connection_id]

    async def tables(self, connection_id: str) -> Sequence[str]:
        """Return no tables."""
        return []


class FakeTools:
    """Keeps the tools that were registered, by name."""

    def __init__(self) -> None:
        """Start with none."""
        self.registered: dict[str, Tool[Any]] = {}

    def register(self, tool: Tool[Any]) -> None:
        """Keep the tool."""
        self.registered[tool.name] = tool


def FakeContext(  # noqa: N802 - reads as the thing it stands for
    plugin_id: str = "test",
    *,
    db: FakeDatabase | None = None,
    config: Mapping[str, Any] | None = None,
    connections: FakeConnections | None = None,
) -> PluginContext:
    """Return a context with a recording logger, and tools that are kept."""
    return PluginContext(
        plugin_id,
        db,
        RecordingLogger(),
        MappingProxyType(dict(config or {})),
        connections or FakeConnections(),
        FakeTools(),
    )


def outcome(value: Awaitable[T] | T) -> T:
    """Return what a synchronous or asynchronous function of a plugin gave, in a plain test."""
    return asyncio.run(_awaited(value)) if inspect.isawaitable(value) else value


async def _awaited(value: Awaitable[T]) -> T:
    return await value


def logged(ctx: PluginContext) -> list[str]:
    """Return the texts that were logged through a `FakeContext`."""
    return [text for _level, text in getattr(ctx.logger, "lines", [])]


def fake_action_context(
    *,
    idempotency_key: str = "key-1",
    db: FakeDatabase | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> ActionContext:
    """Return what an action is given beside its arguments."""
    return ActionContext(
        idempotency_key=idempotency_key,
        request_id="1",
        requester_name="ann",
        logger=RecordingLogger(),
        db=db,
        attachments=attachments,
    )


async def assert_plugin_contract(plugin: Plugin[Any]) -> None:
    """Fail with an `AssertionError` when the plugin breaks what the host relies on.

    Checks the shape, that the health check returns a timed result and never raises, and that
    tearing down twice does no harm.
    """
    assert define_plugin(plugin) is plugin  # noqa: S101 - the purpose of this function
    if plugin.health_check is not None:
        result = await _called("health_check", plugin.health_check)
        assert isinstance(result, HealthResult), "health_check must return a HealthResult"  # noqa: S101 - the purpose of this function
        assert result.latency_ms is not None, "health_check must measure its latency"  # noqa: S101 - the purpose of this function
        assert result.healthy or result.message, "an unhealthy result needs a message"  # noqa: S101 - the purpose of this function
    if plugin.teardown is not None:
        await _called("teardown", plugin.teardown)
        await _called("teardown", plugin.teardown)


async def _called(name: str, fn: Any) -> Any:
    try:
        value = fn()
        return await value if inspect.isawaitable(value) else value
    except Exception as error:
        raise AssertionError(f"{name} raised {type(error).__name__}: {error}") from error
