"""A row of the history: what was asked for and what became of it, for one reader."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from approvals.cards.faces import FACES, Face
from approvals.cards.sentences import decider_of
from approvals.cards.withholding import as_seen_by
from approvals.history.times import ended_at, time_to_decide
from approvals.models import ActionRequest
from atlas.accounts.models import User


@dataclass(frozen=True)
class Past:
    """`is_open` when the reader may open its card; admins find all others in Django admin."""

    request: ActionRequest
    face: Face
    decider: str
    ended_at: dt.datetime
    took: dt.timedelta | None
    is_open: bool


def pasts_of(requests: Collection[ActionRequest], reader: User) -> list[Past]:
    """Rows of `history_of` the reader, in their order, in one query more."""
    numbers = [one.pk for one in requests]
    visible = ActionRequest.objects.visible_to(reader).filter(pk__in=numbers)
    may_open = set(visible.values_list("pk", flat=True))
    return [_past(one, reader, is_open=one.pk in may_open) for one in requests]


def _past(request: ActionRequest, reader: User, *, is_open: bool) -> Past:
    return Past(
        request=as_seen_by(request, reader),
        face=FACES[request.state],
        decider=decider_of(request),
        ended_at=ended_at(request),
        took=time_to_decide(request),
        is_open=is_open,
    )
