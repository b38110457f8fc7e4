"""What the host gives to plugin code: the context object and the ports on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from plugins_app.sdk.datasource import QueryResult
from plugins_app.sdk.people import Answer, Nobody, People, Person, Waiting
from plugins_app.sdk.sandbox import ExploreResult
from plugins_app.sdk.tools import Tool


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


@runtime_checkable
class GuardedConnection(Protocol):
    """A datasource as a plugin may ask it: every gate that people meet stands here too."""

    async def query(self, sql: str) -> QueryResult:
        """Ask, and return the rows; raises `PluginError` with a sentence when it is refused.

        In hooks and tools the query is that of the person whose question is being answered.
        Anywhere else it is that of `plugin:<id>`, which gets nothing where row policies need to
        know for whom.
        """
        ...


@runtime_checkable
class Connections(Protocol):
    """The datasources of this installation, asked for a person or for the plugin itself."""

    def list(self) -> tuple[str, ...]:
        """Return the ids of the datasources that can be asked now."""
        ...

    def get(self, connection_id: str) -> GuardedConnection:
        """Return one datasource; raises `PluginError` when there is none of this id."""
        ...

    async def tables(self, connection_id: str) -> Sequence[str]:
        """Return the tables that its semantic layer lists; raises when that cannot be told."""
        ...


@runtime_checkable
class Tools(Protocol):
    """Where a plugin registers tools for the agent, in `initialize()`."""

    def register(self, tool: Tool[Any]) -> None:
        """Offer a tool while the plugin runs; raises `PluginError` for one that is not sound."""
        ...


@dataclass(frozen=True)
class PluginContext:
    """Given to `initialize()` and to hook handlers.

    `db` is None when there is no internal database; `config` is the installation's resolved
    configuration with every secret replaced. `as_user` is whom `plugin run ID --as` names.
    """

    plugin_id: str
    db: Database | None
    logger: Logger
    config: Mapping[str, Any]
    connections: Connections
    tools: Tools
    people: People = field(default_factory=Nobody)
    as_user: str = ""

    async def person(self, as_user: str) -> Person:
        """Return who a person is now, by user name or API key; raises when nobody may act so."""
        return await self.people.person(as_user)

    async def ask(
        self, question: str, as_user: str, *, conversation_id: str = "", timeout_s: float = 120.0
    ) -> Answer:
        """Ask as a person and wait for the answer; for plugins of the type interaction."""
        return await self.people.ask(
            question, as_user, conversation_id=conversation_id, timeout_s=timeout_s
        )

    async def pending(self, as_user: str = "") -> Sequence[Waiting]:
        """Return what a person may decide; without a name all that waits, in outline."""
        return await self.people.pending(as_user)

    async def decide(
        self,
        request_id: int,
        payload_hash: str,
        decision: Literal["approve", "reject"],
        as_user: str,
        reason: str = "",
    ) -> str:
        """Approve or reject, with a reason, as a person; return the status after it."""
        return await self.people.decide(request_id, payload_hash, decision, as_user, reason)

    async def query(self, sql: str, as_user: str, *, datasource: str = "") -> QueryResult:
        """Run one read-only query as a person, through every gate that their questions meet."""
        return await self.people.query(sql, as_user, datasource=datasource)

    async def explore(self, command: str, as_user: str) -> ExploreResult:
        """Run one command over the files of the semantic layer as a person."""
        return await self.people.explore(command, as_user)

    async def semantic_layer(self, as_user: str, *, datasource: str = "") -> Mapping[str, Any]:
        """Return entities, metrics and glossary in force as plain data, for a person."""
        return await self.people.semantic_layer(as_user, datasource=datasource)


@dataclass(frozen=True)
class Attachment:
    """A file that belongs to an approved request, for example the result as CSV."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class ActionContext:
    """Given to an action: who asked, and the key that makes a repetition recognisable.

    The same request always carries the same `idempotency_key`, however often it is tried. What is
    logged from the level info upwards also stands on the card, while it runs and afterwards.
    """

    idempotency_key: str
    request_id: str
    requester_name: str
    logger: Logger
    db: Database | None = None
    attachments: tuple[Attachment, ...] = ()
