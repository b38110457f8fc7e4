"""What the approvals page of a person lists."""

from enum import StrEnum

from django.db.models import Q

from approvals.models import ActionRequest
from approvals.querysets import ActionRequestQuerySet
from atlas.accounts.models import User

PAGE_SIZE = 20


class Listed(StrEnum):
    """Which requests the page shows."""

    PENDING = "pending"
    ALL = "all"


def queue_of(person: User, listed: Listed) -> ActionRequestQuerySet:
    """What waits for the person or was asked by the person, or everything the person may see."""
    rows = ActionRequest.objects.visible_to(person)
    if listed is Listed.ALL:
        return rows
    decidable = ActionRequest.objects.decidable_by(person)
    return rows.pending().filter(Q(pk__in=decidable.values("pk")) | Q(requester=person))


def newer_in_queue(person: User, listed: Listed, after: int) -> list[int]:
    """The numbers above `after` that the first page would show, the oldest first."""
    newest = queue_of(person, listed).filter(pk__gt=after).order_by("-pk")
    return sorted(newest.values_list("pk", flat=True)[:PAGE_SIZE])
