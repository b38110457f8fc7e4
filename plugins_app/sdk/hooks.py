"""Hook points of the agent: what a handler is told, what it may change, how it is declared."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar

from plugins_app.sdk.datasource import QueryResult
from plugins_app.sdk.host import PluginContext


@dataclass(frozen=True)
class BeforeQuery:
    """A query that passed validation; return {"sql": ...} to rewrite it, raise to reject it."""

    sql: str
    connection_id: str = ""
    user_id: str = ""
    conversation_id: str = ""


@dataclass(frozen=True)
class AfterQuery:
    """A query that ran, with its result; observed only.

    Atlas keeps no results to answer queries with, so each asks its source and `from_cache` is
    False. It is there so that a handler need not change should an earlier result be given again.
    """

    sql: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    duration_ms: float = 0.0
    connection_id: str = ""
    user_id: str = ""
    conversation_id: str = ""
    from_cache: bool = False

    @property
    def result(self) -> QueryResult:
        """Columns and rows together."""
        return QueryResult(self.columns, self.rows)


@dataclass(frozen=True)
class BeforeExplore:
    """An explore command; return {"command": ...} to rewrite it, raise to reject it."""

    command: str
    user_id: str = ""
    conversation_id: str = ""


@dataclass(frozen=True)
class AfterExplore:
    """An explore command that ran, with its output; observed only."""

    command: str
    output: str = ""
    user_id: str = ""
    conversation_id: str = ""


@dataclass(frozen=True)
class BeforeToolCall:
    """A tool call of the agent; return {"args": ...} to rewrite it, raise to reject it."""

    tool_name: str
    args: Mapping[str, Any] = field(default_factory=dict)
    tool_call_count: int = 1
    user_id: str = ""
    conversation_id: str = ""


@dataclass(frozen=True)
class AfterToolCall:
    """A tool call that ran; return {"result": ...} to replace what the agent sees."""

    tool_name: str
    result: Any = None
    args: Mapping[str, Any] = field(default_factory=dict)
    duration_ms: float = 0.0
    user_id: str = ""
    conversation_id: str = ""


@dataclass(frozen=True)
class OnRequest:
    """An HTTP request that came in; header names are in lower case, observed only.

    Cookie and Authorization are removed, and static files and health pages are not reported.
    """

    path: str
    method: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OnResponse:
    """An HTTP request that was answered; observed only."""

    path: str
    method: str
    status: int


Event = TypeVar("Event")
Changes = Mapping[str, Any] | None


@dataclass(frozen=True)
class Hook(Generic[Event]):
    """One handler, with an optional matcher that decides whether it runs.

    With `mandatory` the guarded operation is refused whenever the hook cannot do its work: when
    the plugin is unhealthy, the matcher raises, the deadline passes or the change has a wrong
    type. Otherwise such a hook is skipped and logged.
    """

    handler: Callable[[Event, PluginContext], Changes | Awaitable[Changes]]
    matcher: Callable[[Event], bool] | None = None
    mandatory: bool = False
    timeout_s: float = 5.0


@dataclass(frozen=True)
class Hooks:
    """The hooks of a plugin by hook point; they run in registration order, then listed order."""

    before_query: tuple[Hook[BeforeQuery], ...] = ()
    after_query: tuple[Hook[AfterQuery], ...] = ()
    before_explore: tuple[Hook[BeforeExplore], ...] = ()
    after_explore: tuple[Hook[AfterExplore], ...] = ()
    before_tool_call: tuple[Hook[BeforeToolCall], ...] = ()
    after_tool_call: tuple[Hook[AfterToolCall], ...] = ()
    on_request: tuple[Hook[OnRequest], ...] = ()
    on_response: tuple[Hook[OnResponse], ...] = ()

    @staticmethod
    def points() -> tuple[str, ...]:
        """Return the names of all hook points."""
        return tuple(point.name for point in fields(Hooks))
