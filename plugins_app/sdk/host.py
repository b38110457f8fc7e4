"""What the host gives to plugin code: the context object and the ports on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Database(Protocol):
    """The internal database, limited to the plugin's own tables; placeholders are `%s`."""

    def table(self, name: str) -> str:
        """Return the full name of a declared table; raises `PluginError` for any other."""
        ...

    async def query(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run one statement and return its rows."""
        ...

    async def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run one statement and return the number of rows it touched."""
        ...


@runtime_checkable
class Logger(Protocol):
    """A logger whose lines carry the plugin's id and no secrets of its configuration."""

    def debug(self, message: str, *args: object) -> None:
        """Log detail for developers."""
        ...

    def info(self, message: str, *args: object) -> None:
        """Log an ordinary event."""
        ...

    def warning(self, message: str, *args: object) -> None:
        """Log something an operator should look at."""
        ...

    def error(self, message: str, *args: object) -> None:
        """Log a failure."""
        ...


@dataclass(frozen=True)
class PluginContext:
    """Given to `initialize()` and to hook handlers.

    `db` is None when there is no internal database; `config` is the installation's resolved
    configuration with every secret replaced.
    """

    plugin_id: str
    db: Database | None
    logger: Logger
    config: Mapping[str, Any]


@dataclass(frozen=True)
class Attachment:
    """A file that belongs to an approved request, for example the result as CSV."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class ActionContext:
    """Given to an action: who asked, and the key that makes a repetition recognisable.

    The same request always carries the same `idempotency_key`, however often it is tried.
    """

    idempotency_key: str
    request_id: str
    requester_name: str
    logger: Logger
    db: Database | None = None
    attachments: tuple[Attachment, ...] = ()
