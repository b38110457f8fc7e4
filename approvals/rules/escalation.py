"""Who is asked next when those who should decide are silent."""

from dataclasses import dataclass
from datetime import timedelta

from approvals.rules.tightening import EVERY_ACTION


@dataclass(frozen=True)
class Escalation:
    """A group that is asked as well when nobody has decided `after` a request was asked."""

    group: str
    after: timedelta
    actions: tuple[str, ...] = (EVERY_ACTION,)
