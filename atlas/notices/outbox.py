"""The rows of notices: written once, claimed by lease, marked before and after they are sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now

from atlas.notices.letters import Letter, write
from atlas.notices.models import Notice, NoticeStatus

LEASE_S = 300.0
MOST_TRIES = 6
# Between two tries; the last one is repeated.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))

_CLAIM = """
UPDATE notices_notice AS notice
SET lease_owner = %(owner)s,
    lease_until = statement_timestamp() + make_interval(secs => %(lease_s)s)
FROM (
    SELECT id FROM notices_notice
    WHERE status = 'waiting' AND not_before <= statement_timestamp()
        AND (lease_until IS NULL OR lease_until <= statement_timestamp())
    ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED
) AS free
WHERE notice.id = free.id
RETURNING notice.id
"""


@dataclass(frozen=True)
class Due:
    """One person to be told something."""

    person_id: int
    kind: str
    subject: str


@dataclass(frozen=True)
class Outgoing:
    """A notice that was marked as being sent, with what it says and where to."""

    address: str
    letter: Letter


def tell(due: Iterable[Due]) -> int:
    """Write down who is to be told what; what was written down before is left out.

    Returns how many are new. Two processes that tell the same at once write it once.
    """
    wanted = set(due)
    if not wanted:
        return 0
    subjects = {one.subject for one in wanted}
    known = Notice.objects.filter(subject__in=subjects)
    there = {Due(*row) for row in known.values_list("person_id", "kind", "subject")}
    missing = sorted(wanted - there, key=lambda one: (one.subject, one.kind, one.person_id))
    rows = [Notice(person_id=one.person_id, kind=one.kind, subject=one.subject) for one in missing]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def claim(owner: str, *, most: int, lease_s: float = LEASE_S) -> list[int]:
    """Claim up to `most` notices that are due and that nobody holds, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"owner": owner, "lease_s": lease_s, "most": most})
        return sorted(row[0] for row in cursor.fetchall())


def begin(notice_id: int, owner: str, site: str) -> Outgoing | None:
    """Mark a claimed notice as being sent, for good; None when it is not to be sent.

    After this returned, nobody sends it again unless the sender knows that it was not taken.
    """
    with transaction.atomic():
        held = Notice.objects.select_for_update(of=("self",)).select_related("person")
        notice = held.filter(
            pk=notice_id,
            status=NoticeStatus.WAITING,
            lease_owner=owner,
            lease_until__gt=Now(),
        ).first()
        if notice is None:
            return None
        letter = _letter(notice, site)
        status = NoticeStatus.SENDING if letter else NoticeStatus.MOOT
        Notice.objects.filter(pk=notice.pk).update(status=status, attempts=F("attempts") + 1)
    return Outgoing(notice.person.email, letter) if letter else None


def sent(notice_id: int, owner: str) -> None:
    """The mail server took it; also when that became known only after the lease."""
    _of(notice_id, owner).update(
        status=NoticeStatus.SENT, sent_at=Now(), problem="", lease_until=None
    )


def unclear(notice_id: int, owner: str, problem: str) -> None:
    """The mail server may have taken it, so it is never sent again."""
    _of(notice_id, owner).update(status=NoticeStatus.UNCLEAR, problem=problem, lease_until=None)


def refused(notice_id: int, owner: str, problem: str, *, for_good: bool) -> None:
    """The mail server certainly did not take it: it is tried again later, or given up."""
    notice = _of(notice_id, owner).first()
    if notice is None:
        return
    changes: dict[str, object] = {"problem": problem, "lease_until": None, "lease_owner": ""}
    if for_good or notice.attempts >= MOST_TRIES:
        changes["status"] = NoticeStatus.REFUSED
    else:
        pause = PAUSES[min(notice.attempts, len(PAUSES)) - 1]
        changes |= {"status": NoticeStatus.WAITING, "not_before": Now() + pause}
    _of(notice_id, owner).update(**changes)


def release(notice_ids: Iterable[int], owner: str) -> None:
    """Give claimed notices back that were not begun."""
    held = Notice.objects.filter(
        pk__in=list(notice_ids), lease_owner=owner, status=NoticeStatus.WAITING
    )
    held.update(lease_owner="", lease_until=None)


def give_up_lost() -> int:
    """Call what a process left behind while it was being sent unclear; returns how many."""
    lost = Notice.objects.filter(status=NoticeStatus.SENDING, lease_until__lte=Now())
    return lost.update(status=NoticeStatus.UNCLEAR, problem="The server stopped while sending it.")


def latest_problems() -> dict[NoticeStatus, int]:
    """How many notices of the last day were refused, or have perhaps been sent."""
    problems = [NoticeStatus.REFUSED, NoticeStatus.UNCLEAR]
    rows = Notice.objects.filter(created_at__gt=Now() - timedelta(days=1), status__in=problems)
    counted = rows.order_by("status").values_list("status").annotate(count=Count("pk"))
    return {NoticeStatus(status): count for status, count in counted}


def wanting() -> Q:
    """A filter for people who get notices: active, with an address, and not switched off."""
    return Q(is_active=True, email_notices=True) & ~Q(email="")


def _letter(notice: Notice, site: str) -> Letter | None:
    person = notice.person
    if not (person.is_active and person.email_notices and person.email):
        return None
    return write(notice.kind, person, notice.subject, site)


def _of(notice_id: int, owner: str) -> QuerySet[Notice]:
    begun = [NoticeStatus.SENDING, NoticeStatus.UNCLEAR]
    return Notice.objects.filter(pk=notice_id, lease_owner=owner, status__in=begun)
