"""What keeps an approved action from beginning for now: freezes and daily limits."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Least, Now
from django.utils.translation import gettext as _

from approvals.enums import Kind, Status
from approvals.models import ActionRequest
from approvals.querysets import ActionRequestQuerySet
from approvals.rules import installed
from approvals.rules.tightening import EVERY_ACTION, covers
from approvals.rules.windows import DailyLimit, Freeze, Reached, day_of, frozen
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.clock import database_now
from atlas.common.errors import AtlasError

LOCK = 0x0A7A18
# How often it is looked whether a hold still holds: the operator may have lifted it.
LOOK_AGAIN = timedelta(minutes=1)


class LimitReached(AtlasError):
    """So many of an action were begun today, or wait, that one more is not even filed."""

    code = "limit_reached"


@dataclass(frozen=True)
class Hold:
    """Until when an approved request does not begin, and the sentence on its card."""

    until: datetime
    sentence: str


def hold_on(request: ActionRequest) -> Hold | None:
    """What holds the request at this moment by the database's clock; the longest of several.

    Call it in the transaction in which the request would begin: two that could be the last one
    of a day wait for each other here. Queries change nothing outside, so nothing holds them, and
    no limit counts how often something is undone.
    """
    if request.kind == Kind.QUERY:
        return None
    now = database_now()
    is_undoing = request.kind == Kind.ROLLBACK or request.state is Status.ROLLING_BACK
    holds = list(_freezes(request, now, undoing=is_undoing))
    holds += [] if is_undoing else _used_up(request, now)
    return max(holds, key=lambda hold: hold.until, default=None)


def hold_on_undoing(undone: ActionRequest, now: datetime) -> Hold | None:
    """The freeze in which what the request did is not undone at the moment `now`."""
    return next(iter(_freezes(undone, now, undoing=True)), None)


def let_go(request: ActionRequest) -> None:
    """Forget what held a roll back that begins now, for its card."""
    if request.held_because:
        ActionRequest.objects.filter(pk=request.pk).update(held_until=None, held_because="")
        notify(Topic.APPROVALS, str(request.pk))


def put_off(request: ActionRequest, hold: Hold) -> None:
    """Let nobody claim the request for a while, and say on its card why."""
    ActionRequest.objects.filter(pk=request.pk).update(
        held_until=Least(hold.until, Now() + LOOK_AGAIN), held_because=hold.sentence
    )
    if request.held_because != hold.sentence:
        # The card of what would be undone says it as well.
        for number in filter(None, (request.pk, request.undoes_id)):
            notify(Topic.APPROVALS, str(number))


def check_room(request: ActionRequest) -> None:
    """Raise `LimitReached` when a limit that refuses has no room for a request to be filed.

    What waits for a decision or to begin takes up room as well as what has begun today.
    """
    if request.kind != Kind.ACTION:
        return
    now = database_now()
    for limit in _limits(request, refusing=True):
        start, end = day_of(now, limit.zone)
        waiting = Q(status__in=[Status.PENDING, Status.APPROVED])
        if _counted(limit, request, Q(executing_at__gte=start) | waiting) >= limit.most:
            raise LimitReached(
                _(
                    "At most %(most)s of these may begin on one day, and that many have begun or "
                    "wait already. Nothing was filed. Ask again after %(end)s."
                )
                % {"most": limit.most, "end": _moment(end)}
            )


def too_late(request: ActionRequest) -> str:
    """Why an approved request did not begin in time, for its card."""
    return f"{request.held_because} {_('It could not run in time.')}".strip()


def freeze_sentence(freeze: Freeze, end: datetime, *, undoing: bool = False) -> str:
    """What a freeze that lasts until `end` means for what is approved, or for undoing it."""
    words = {"name": freeze.name, "end": _moment(end)}
    if undoing:
        return _("“%(name)s” lets nothing be undone before %(end)s.") % words
    return _("“%(name)s” lets nothing begin before %(end)s.") % words


def used_today(limit: DailyLimit, request: ActionRequest, now: datetime) -> int:
    """How many that the limit counts have begun on the day of `now`."""
    return _counted(limit, request, Q(executing_at__gte=day_of(now, limit.zone)[0]))


def _freezes(request: ActionRequest, now: datetime, *, undoing: bool) -> Iterable[Hold]:
    found = frozen(installed.current().freezes, request.action, now, undoing=undoing)
    if found is not None:
        yield Hold(found[1], freeze_sentence(*found, undoing=undoing))


def _used_up(request: ActionRequest, now: datetime) -> Iterable[Hold]:
    for limit in _limits(request):
        end = day_of(now, limit.zone)[1]
        if used_today(limit, request, now) >= limit.most:
            sentence = _("Today's limit of %(most)s is used up; it waits until %(end)s.")
            yield Hold(end, sentence % {"most": limit.most, "end": _moment(end)})


def _limits(request: ActionRequest, *, refusing: bool = False) -> Iterable[DailyLimit]:
    """The limits on its action, each locked until the caller's transaction ends."""
    for limit in installed.current().daily_limits:
        if not covers(limit.actions, request.action):
            continue
        if refusing and limit.when_reached is not Reached.REFUSE:
            continue
        with connection.cursor() as cursor:
            key = zlib.crc32(repr(limit).encode()) - 2**31
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, key])
        yield limit


def _counted(limit: DailyLimit, request: ActionRequest, which: Q) -> int:
    rows: ActionRequestQuerySet = ActionRequest.objects.filter(which, kind=Kind.ACTION)
    if EVERY_ACTION not in limit.actions:
        rows = rows.filter(action__in=limit.actions)
    if limit.per_person:
        rows = rows.filter(requester_id=request.requester_id)
    return rows.exclude(pk=request.pk).count()


def _moment(moment: datetime) -> str:
    """A moment by the clock of its own time zone, which is named with it."""
    return f"{moment:%Y-%m-%d %H:%M} ({moment.tzinfo})"
