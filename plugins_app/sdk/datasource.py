"""The datasource type: a system that is only read, and the shapes of its answers."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, runtime_checkable

from typing_extensions import TypeVar

from plugins_app.sdk.introspection import TableInspector
from plugins_app.sdk.row_policies import PolicyInspector


@dataclass(frozen=True)
class QueryLimits:
    """How much of a result is wanted; a connection fetches at most `max_rows` + 1 rows."""

    max_rows: int = 1000
    max_bytes: int = 20_000_000


Rows = Sequence[Sequence[Any]] | Sequence[dict[str, Any]]


@dataclass(frozen=True)
class QueryResult:
    """Columns in order and rows as sequences or dicts; `truncated` when a limit cut it short."""

    columns: Sequence[str]
    rows: Rows
    truncated: bool = False


@runtime_checkable
class Connection(Protocol):
    """An open link to a datasource; both methods may be synchronous or asynchronous.

    A connection whose `query` is synchronous may also offer `cancel()`, which stops the
    statement that is running; the host sends such a connection one statement at a time.
    An asynchronous `query` is cancelled as a task and must stop the statement on the server.

    Where the facet has `inspect_policies`, both are given `claims` (`RowClaims`) for queries on
    protected tables. A connection may offer `estimate(sql, timeout_ms)`, which returns what the
    engine expects the statement to cost, in its own units and without running it.
    """

    def query(
        self, sql: str, timeout_ms: int | None = None, *, limits: QueryLimits | None = None
    ) -> QueryResult | Awaitable[QueryResult]:
        """Run one statement read-only and return at most `limits.max_rows` + 1 rows."""
        ...

    def close(self) -> Awaitable[None] | None:
        """Release everything the connection holds."""
        ...


@dataclass(frozen=True)
class ValidationResult:
    """What a custom validator decided; the reason is shown to the user and audited.

    `tables` are what the query reads. Of a language other than SQL only the validator knows, and
    names that the semantic layer does not list are refused.
    """

    valid: bool
    reason: str = ""
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class EntityDraft:
    """An entity of the semantic layer that a plugin brings: its name and its YAML text."""

    name: str
    yaml: str


@dataclass(frozen=True)
class AccountReport:
    """What the datasource's login may do beyond reading what the semantic layer lists."""

    user: str
    server_version: str
    superuser: bool = False
    writable: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


EntityFactory = Callable[[], Sequence[EntityDraft] | Awaitable[Sequence[EntityDraft]]]
Validator = Callable[[str], ValidationResult | Awaitable[ValidationResult]]
DbType = TypeVar("DbType", bound=str, default=str, covariant=True)
AccountInspector = Callable[[Sequence[str]], AccountReport | Awaitable[AccountReport]]


@dataclass(frozen=True)
class Datasource(Generic[DbType]):
    """The datasource facet: how to connect, which language it speaks, what it describes.

    `validate` replaces the SQL stages only when `language` is not "sql"; on an SQL engine it is
    one more wall. `inspect_account` gets the tables the semantic layer lists as "schema.table".
    `inspect_policies` describes such tables to whoever installs row policies in the engine.
    `inspect_tables` describes all tables that the login may read, for the first semantic layer.
    """

    create: Callable[[], Connection | Awaitable[Connection]]
    db_type: DbType
    entities: Sequence[EntityDraft] | EntityFactory = ()
    dialect: str = ""
    validate: Validator | None = None
    parser_dialect: str | None = None
    forbidden_patterns: Sequence[re.Pattern[str]] = ()
    language: str = "sql"
    inspect_account: AccountInspector | None = None
    inspect_policies: PolicyInspector | None = None
    inspect_tables: TableInspector | None = None
