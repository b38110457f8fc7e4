"""A run event as it is stored and sent."""

from dataclasses import dataclass
from uuid import UUID

from atlas.common.jsonable import JSON


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """Event number `seq` of a run; `kind` is a value of `EventKind`."""

    run_id: UUID
    seq: int
    kind: str
    payload: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class RunQueued:
    """A run that a follower has not heard of before."""

    run_id: UUID
    conversation_id: UUID
    question_id: UUID
    answer_id: UUID
    kind: str
