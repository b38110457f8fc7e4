"""The table of allowed moves between the statuses of a request, and by which deadline."""

from enum import StrEnum

from approvals.enums import Status


class Deadline(StrEnum):
    """What the database's clock must say for a move."""

    NONE = "none"
    BEFORE_EXPIRY = "before_expiry"
    AFTER_EXPIRY = "after_expiry"
    BEFORE_RUN_LIMIT = "before_run_limit"


ALLOWED_MOVES: dict[tuple[Status, Status], Deadline] = {
    (Status.PENDING, Status.APPROVED): Deadline.BEFORE_EXPIRY,
    (Status.PENDING, Status.REJECTED): Deadline.BEFORE_EXPIRY,
    (Status.PENDING, Status.SUPERSEDED): Deadline.BEFORE_EXPIRY,
    (Status.PENDING, Status.EXPIRED): Deadline.AFTER_EXPIRY,
    (Status.PENDING, Status.WITHDRAWN): Deadline.NONE,
    (Status.APPROVED, Status.EXECUTING): Deadline.BEFORE_RUN_LIMIT,
    (Status.APPROVED, Status.LAPSED): Deadline.NONE,
    (Status.APPROVED, Status.WITHDRAWN): Deadline.NONE,
    (Status.EXECUTING, Status.EXECUTED): Deadline.NONE,
    (Status.EXECUTING, Status.FAILED): Deadline.NONE,
    (Status.EXECUTING, Status.UNKNOWN): Deadline.NONE,
    (Status.UNKNOWN, Status.EXECUTED): Deadline.NONE,
    (Status.UNKNOWN, Status.FAILED): Deadline.NONE,
    (Status.EXECUTED, Status.ROLLING_BACK): Deadline.NONE,
    (Status.ROLLING_BACK, Status.ROLLED_BACK): Deadline.NONE,
    (Status.ROLLING_BACK, Status.ROLLBACK_FAILED): Deadline.NONE,
    (Status.ROLLING_BACK, Status.ROLLBACK_UNKNOWN): Deadline.NONE,
    (Status.ROLLBACK_UNKNOWN, Status.ROLLED_BACK): Deadline.NONE,
    (Status.ROLLBACK_UNKNOWN, Status.ROLLBACK_FAILED): Deadline.NONE,
}

# How a request to undo another one ends, by how that one's roll back ended.
ROLLBACK_ENDS: dict[Status, Status] = {
    Status.ROLLED_BACK: Status.EXECUTED,
    Status.ROLLBACK_FAILED: Status.FAILED,
    Status.ROLLBACK_UNKNOWN: Status.UNKNOWN,
}

# A request is born waiting, or approved by policy; no other first status exists.
FIRST = frozenset({Status.PENDING, Status.APPROVED})

# Who asked may take it back from these: nothing has begun.
WITHDRAWABLE = frozenset(before for before, after in ALLOWED_MOVES if after is Status.WITHDRAWN)
