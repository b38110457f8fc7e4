"""What the agent hands in when it proposes, and what it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from approvals.enums import Status
from approvals.filing.payloads import Attachment, Why


@dataclass(frozen=True)
class Proposal:
    """One call of an action's tool, before anything about it was checked.

    `fence` is that of the run's lease: who lost it proposes nothing any more.
    """

    action: str
    arguments: Mapping[str, object]
    run_id: UUID
    tool_call_id: str
    why: Why = field(default_factory=Why)
    attachments: tuple[Attachment, ...] = ()
    untrusted: bool = False
    fence: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one request, in words for the chat."""

    request_id: int
    action: str
    status: Status
    sentence: str
