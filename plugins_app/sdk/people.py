"""What an interaction plugin may do for people of Atlas, by the rights of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from plugins_app.sdk.errors import PluginError

AnswerStatus = Literal["queued", "running", "done", "stopped", "failed", "interrupted"]


@dataclass(frozen=True)
class Answer:
    """What became of a question; `requests` are the ids of actions that were proposed with it.

    A `status` of "queued" or "running" says that the time to wait was over first.
    """

    conversation_id: str
    text: str
    status: AnswerStatus
    requests: tuple[int, ...] = ()


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
    """

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


class Nobody:
    """What a plugin without people is given: everything is refused."""

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

    def _refusal(self) -> PluginError:
        return PluginError("Only plugins of the type interaction ask and decide for people.")
