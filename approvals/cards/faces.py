"""How each status looks: a meaning, a sign and a word, never colour alone."""

from dataclasses import dataclass

from approvals.enums import Status


@dataclass(frozen=True)
class Face:
    """The look of a status: `tone` is one of the four meanings, `sign` a drawing for it."""

    tone: str
    sign: str


_WAITING = Face("waiting", "clock")
_DONE = Face("done", "check")
_FAILED = Face("failed", "cross")
_UNKNOWN = Face("unknown", "question")
_CLOSED = Face("closed", "dash")

FACES: dict[Status, Face] = {
    Status.PENDING: _WAITING,
    Status.APPROVED: _WAITING,
    Status.EXECUTING: _WAITING,
    Status.ROLLING_BACK: _WAITING,
    Status.EXECUTED: _DONE,
    Status.ROLLED_BACK: _DONE,
    Status.REJECTED: _FAILED,
    Status.FAILED: _FAILED,
    Status.ROLLBACK_FAILED: _FAILED,
    Status.LAPSED: _FAILED,
    Status.UNKNOWN: _UNKNOWN,
    Status.ROLLBACK_UNKNOWN: _UNKNOWN,
    Status.EXPIRED: _CLOSED,
    Status.WITHDRAWN: _CLOSED,
    Status.SUPERSEDED: _CLOSED,
}
