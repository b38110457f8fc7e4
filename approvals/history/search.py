"""What was decided: searched, filtered, and exported whole, by the rights of the reader."""

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, fields

from django.db.models import Q
from django.utils.translation import gettext as _

from approvals.cards.sentences import decider_of
from approvals.cards.withholding import as_seen_by
from approvals.enums import Status
from approvals.history.times import time_to_decide
from approvals.history.unfindable import unfindable
from approvals.models import ActionRequest
from approvals.querysets import ActionRequestQuerySet
from atlas.accounts.models import User
from atlas.common.csv_lines import csv_lines
from atlas.common.days import begin_of, end_of
from atlas.common.db import in_db

PAGE_SIZE = 50
PART_ROWS = 500
MOST_PEOPLE = 100
# A version that was replaced was not decided; the one that replaced it was.
DECIDED = [one for one in Status if one not in {Status.PENDING, Status.SUPERSEDED}]


@dataclass(frozen=True)
class Search:
    """What to look for; an empty field leaves everything. `since` and `until` are whole days."""

    q: str = ""
    person: str = ""
    action: str = ""
    outcome: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def filled(self) -> dict[str, str]:
        """The fields that look for something, as they stand in an address."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value}


def recorded(wanted: Search) -> dict[str, object]:
    """The filled fields for the log, which names people by number: names can be erased."""
    kept: dict[str, object] = dict(wanted.filled)
    if wanted.person:
        names = ("username", "first_name", "last_name")
        named = [Q(**{f"{name}__icontains": wanted.person}) for name in names]
        people = User.objects.filter(named[0] | named[1] | named[2]).order_by("pk")
        kept["person"] = list(people.values_list("pk", flat=True)[:MOST_PEOPLE])
    return kept


def history_of(reader: User) -> ActionRequestQuerySet:
    """Everything decided that the person may see or could decide; for admins all of it."""
    rows = ActionRequest.objects
    mine = rows.all() if reader.is_atlas_admin else rows.visible_to(reader)
    return mine.filter(status__in=DECIDED)


def found_for(rows: ActionRequestQuerySet, wanted: Search, reader: User) -> ActionRequestQuerySet:
    """Those of `rows` that fit; nobody finds a request by words that are withheld from them."""
    narrowed = rows.filter(_conditions(wanted))
    if wanted.q:
        words = Q(verb__icontains=wanted.q) | Q(reason__icontains=wanted.q)
        in_summary = Q(summary__icontains=wanted.q)
        hidden = unfindable(narrowed.filter(in_summary), reader)
        if hidden is not None:
            in_summary &= ~hidden
        narrowed = narrowed.filter(words | in_summary)
    return narrowed


def _asked_between(wanted: Search) -> Q:
    """The condition of the days on any list of requests, by when they were asked."""
    condition = Q()
    if wanted.since:
        condition &= Q(created_at__gte=begin_of(wanted.since))
    if wanted.until:
        condition &= Q(created_at__lt=end_of(wanted.until))
    return condition


def actions_in(rows: ActionRequestQuerySet) -> list[str]:
    """The names of the actions that occur."""
    return list(rows.order_by("action").values_list("action", flat=True).distinct())


async def csv_parts(rows: ActionRequestQuerySet, reader: User) -> AsyncIterator[bytes]:
    """All rows as CSV with headings, the newest first, a part at a time."""
    yield _written(iter([_headings()]))
    last: int | None = None
    while part := await in_db(_part, rows, last):
        yield await in_db(_written, (_cells(as_seen_by(one, reader)) for one in part))
        last = part[-1].pk


def _part(rows: ActionRequestQuerySet, last: int | None) -> list[ActionRequest]:
    rest = rows if last is None else rows.filter(pk__lt=last)
    return list(rest.order_by("-pk")[:PART_ROWS])


def _conditions(wanted: Search) -> Q:
    condition = _asked_between(wanted)
    if wanted.person:
        asked = Q(requester_name__icontains=wanted.person)
        condition &= asked | Q(decided_by_name__icontains=wanted.person)
    if wanted.action:
        condition &= Q(action=wanted.action)
    if wanted.outcome:
        condition &= Q(status=wanted.outcome)
    return condition


def _headings() -> list[object]:
    return [
        _("Number"),
        _("Action"),
        _("What was asked for"),
        _("Asked by"),
        _("Asked at"),
        _("Mode"),
        _("Outcome"),
        _("Decided by"),
        _("Decided at"),
        _("Seconds to decide"),
        _("Reason"),
        _("Finished at"),
        _("Hash"),
    ]


def _cells(request: ActionRequest) -> list[object]:
    took = time_to_decide(request)
    return [
        request.pk,
        request.action,
        request.summary,
        request.requester_name,
        _moment(request.created_at),
        request.mode,
        request.status,
        decider_of(request),
        _moment(request.decided_at),
        "" if took is None else round(took.total_seconds()),
        request.reason,
        _moment(request.finished_at),
        request.payload_hash,
    ]


def _moment(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds") if moment else ""


def _written(rows: Iterator[list[object]]) -> bytes:
    return "".join(csv_lines(rows)).encode()
