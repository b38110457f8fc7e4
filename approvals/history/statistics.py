"""What becomes of the requests of each action, and how long people take to decide."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Aggregate, Count, DurationField, Q

from approvals.enums import Kind, Mode, Status
from approvals.history.times import times_to_decide
from approvals.querysets import ActionRequestQuerySet


class Median(Aggregate):
    """The value in the middle; nothing where there are no values."""

    function = "PERCENTILE_CONT"
    name = "median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Outcomes:
    """The decided requests of one action; those to undo what it did are counted by themselves."""

    action: str
    kind: str
    total: int
    automatic: int
    median: dt.timedelta | None
    by_status: Counter[Status]

    @property
    def is_of_rollbacks(self) -> bool:
        return self.kind == Kind.ROLLBACK

    @property
    def share_automatic(self) -> int:
        """How many of a hundred a policy decided."""
        return round(100 * self.automatic / self.total) if self.total else 0

    @property
    def counts(self) -> list[tuple[Status, int]]:
        """Each outcome that occurs, in the order of the vocabulary."""
        return [(status, self.by_status[status]) for status in Status if self.by_status[status]]


def outcomes_by_action(history: ActionRequestQuerySet) -> list[Outcomes]:
    """One row for each action and kind of `history_of` somebody, the most frequent first."""
    rows = history.order_by()
    counts: dict[tuple[str, str], Counter[Status]] = defaultdict(Counter)
    found = rows.values_list("action", "kind", "status").annotate(n=Count("pk"))
    for action, kind, status, count in found:
        counts[action, kind][Status(status)] = count
    totals = rows.values("action", "kind").annotate(
        total=Count("pk"),
        automatic=Count("pk", filter=Q(mode=Mode.AUTO)),
        median=Median(times_to_decide()),
    )
    return [
        Outcomes(by_status=counts[row["action"], row["kind"]], **row)
        for row in totals.order_by("-total", "action", "kind")
    ]
