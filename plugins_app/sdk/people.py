"""What an interaction plugin may do for people of Atlas, by the rights of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from plugins_app.sdk.datasource import QueryResult
from plugins_app.sdk.errors import PluginError
from plugins_app.sdk.sandbox import ExploreResult

RoleName = Literal["viewer", "analyst", "admin"]
AnswerStatus = Literal["queued", "running", "done", "stopped", "failed", "interrupted"]


@dataclass(frozen=True)
class Person:
    """Who somebody is to Atlas at this moment, and what the role or the API key allows."""

    name: str
    role: RoleName
    may_ask: bool
    may_decide: bool


@dataclass(frozen=True)
class AnswerTable:
    """A result behind an answer: the SQL that was sent, and the first of its rows.

    `row_count` counts all rows that were kept; `truncated` says that the query gave more.
    """

    sql: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    row_count: int
    truncated: bool = False


@dataclass(frozen=True)
class Answer:
    """What became of a question; `requests` are the ids of actions that were proposed with it.

    A `status` of "queued" or "running" says that the time to wait was over first. `tables` are
    the results behind the answer in the order they were asked for; the last one is the main one.
    """

    conversation_id: str
    text: str
    status: AnswerStatus
    requests: tuple[int, ...] = ()
    tables: tuple[AnswerTable, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """A request that waits for a decision.

    Only when it was asked for a person who may decide it: its arguments by label, and the hash
    that a decision has to name.
    """

    request_id: int
    action: str
    requester_name: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    payload_hash: str = ""


@runtime_checkable
class People(Protocol):
    """Questions and decisions of people, who are named by their user names.

    The plugin is trusted to know who speaks to it. Every rule of Atlas then counts for that
    person: what is refused raises `PluginError` with the sentence that people read.

    Instead of a user name every method takes the whole `Authorization` header of an API key,
    `Bearer atl_…`. Then the key is checked, and its role and scopes count.
    """

    async def person(self, as_user: str) -> Person:
        """Return who it is; raises for one who is unknown or deactivated, and for a dead key."""
        ...

    async def ask(
        self, question: str, as_user: str, *, conversation_id: str, timeout_s: float
    ) -> Answer:
        """Ask, in a new conversation or a given one, and wait for the answer."""
        ...

    async def pending(self, as_user: str) -> Sequence[Waiting]:
        """Return what waits: for a person what they may decide, for nobody all of it in outline."""
        ...

    async def decide(
        self,
        request_id: int,
        payload_hash: str,
        decision: Literal["approve", "reject"],
        as_user: str,
        reason: str,
    ) -> str:
        """Decide exactly what the hash names; return the status of the request after it."""
        ...

    async def query(self, sql: str, as_user: str, *, datasource: str) -> QueryResult:
        """Run one read-only query as the person, through every gate; "" is the default source."""
        ...

    async def explore(self, command: str, as_user: str) -> ExploreResult:
        """Run one command over the files of the semantic layer, in the sandbox in use."""
        ...

    async def semantic_layer(self, as_user: str, *, datasource: str) -> Mapping[str, Any]:
        """Return the definitions in force as plain data, for a person who may ask."""
        ...


class Nobody:
    """What a plugin without people is given: everything is refused."""

    async def person(self, as_user: str) -> Person:
        """Refuse."""
        raise self._refusal()

    async def ask(
        self, question: str, as_user: str, *, conversation_id: str, timeout_s: float
    ) -> Answer:
        """Refuse."""
        raise self._refusal()

    async def pending(self, as_user: str) -> Sequence[Waiting]:
        """Refuse."""
        raise self._refusal()

    async def decide(
        self,
        request_id: int,
        payload_hash: str,
        decision: Literal["approve", "reject"],
        as_user: str,
        reason: str,
    ) -> str:
        """Refuse."""
        raise self._refusal()

    async def query(self, sql: str, as_user: str, *, datasource: str) -> QueryResult:
        """Refuse."""
        raise self._refusal()

    async def explore(self, command: str, as_user: str) -> ExploreResult:
        """Refuse."""
        raise self._refusal()

    async def semantic_layer(self, as_user: str, *, datasource: str) -> Mapping[str, Any]:
        """Refuse."""
        raise self._refusal()

    def _refusal(self) -> PluginError:
        return PluginError("Only plugins of the type interaction ask and decide for people.")
