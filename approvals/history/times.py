"""How long people took to decide, of one request and as a column of many."""

import datetime as dt

from django.db.models import Case, DurationField, ExpressionWrapper, F, Q, When

from approvals.enums import Mode
from approvals.models import ActionRequest


def time_to_decide(request: ActionRequest) -> dt.timedelta | None:
    """How long people took; None where a policy decided, or nobody."""
    if request.as_mode is Mode.AUTO or request.decided_at is None:
        return None
    return request.decided_at - request.created_at


def times_to_decide() -> Case:
    """The same for each row of a query."""
    took = ExpressionWrapper(F("decided_at") - F("created_at"), output_field=DurationField())
    by_people = ~Q(mode=Mode.AUTO) & Q(decided_at__isnull=False)
    return Case(When(by_people, then=took), default=None, output_field=DurationField())


def ended_at(request: ActionRequest) -> dt.datetime:
    """When it was decided, or else ended."""
    return request.decided_at or request.finished_at or request.created_at
