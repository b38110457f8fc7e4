"""Who decides for whom while somebody is away: named by that person, for a time, on the record."""

import copy
import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from atlas.accounts.models import Absence, User
from atlas.accounts.services import rights_changed
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.common.errors import BadInput, NotAllowed, NotFound

LONGEST = dt.timedelta(days=92)


def name_delegate(
    person: User, *, username: str, starts_at: dt.datetime, ends_at: dt.datetime
) -> Absence:
    """Let a colleague decide for `person` from `starts_at` until `ends_at`.

    The colleague's role is at least that of the person. Raises `NotAllowed` for who does not
    decide, `BadInput` for an unusable time or colleague, or while somebody is named already.
    """
    if not person.may_decide:
        raise NotAllowed(_("You decide no requests, so nobody has to stand in for you."))
    _check_time(starts_at, ends_at)
    with transaction.atomic():
        # One after another, so that two posts at once do not name two people.
        locked = User.objects.select_for_update().get(pk=person.pk)
        delegate = _delegate(locked, username)
        overlapping = _kept().filter(person=locked, starts_at__lt=ends_at, ends_at__gt=starts_at)
        if overlapping.exists():
            raise BadInput(_("Somebody stands in for you at that time. End that first."))
        made = Absence.objects.create(
            person=locked, delegate=delegate, starts_at=starts_at, ends_at=ends_at
        )
        record(
            AuditEvent.ABSENCE_MADE,
            actor=person,
            subject=f"user {delegate.get_username()}",
            body={
                "absence_id": made.pk,
                "delegate_id": delegate.pk,
                "starts_at": starts_at.isoformat(),
                "ends_at": ends_at.isoformat(),
            },
        )
        rights_changed(delegate)
    return made


def end_absence(absence_id: int, *, by: User) -> Absence:
    """End it now; raises `NotFound` for anybody but the person who is away."""
    with transaction.atomic():
        rows = Absence.objects.select_for_update(of=("self",)).select_related("delegate")
        absence = rows.filter(pk=absence_id, person=by).first()
        if absence is None:
            raise NotFound(_("There is no such entry of yours."))
        if absence.ended_at is not None:
            return absence
        Absence.objects.filter(pk=absence.pk).update(ended_at=Now())
        absence.refresh_from_db()
        record(
            AuditEvent.ABSENCE_ENDED,
            actor=by,
            subject=f"user {absence.delegate.get_username()}",
            body={"absence_id": absence.pk, "delegate_id": absence.delegate_id},
        )
        rights_changed(absence.delegate)
    return absence


def running() -> QuerySet[Absence]:
    """The absences of this moment of people who still have access."""
    return _kept().filter(
        starts_at__lte=Now(),
        ends_at__gt=Now(),
        person__is_active=True,
        delegate__is_active=True,
    )


def coming(person: User) -> QuerySet[Absence]:
    """Those of `person` that run or will."""
    return _kept().filter(person=person, ends_at__gt=Now()).select_related("delegate")


def covered_by(user: User) -> list[User]:
    """The people for whom `user` decides at this moment, by name, each as `lent`."""
    people = User.objects.filter(pk__in=running().filter(delegate=user).values("person"))
    return [lent(person, user) for person in people.order_by("username")]


def lent(person: User, delegate: User) -> User:
    """`person` as somebody who decides through `delegate`: with what both of them may do."""
    narrowed = copy.copy(person)
    narrowed.is_narrowed = True
    narrowed.role = person.as_role.at_most(delegate.as_role)
    narrowed.scopes = delegate.scopes
    return narrowed


def _kept() -> QuerySet[Absence]:
    return Absence.objects.filter(ended_at=None)


def _check_time(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise BadInput(_("The last day is before the first one. Choose a later one."))
    if ends_at - starts_at > LONGEST:
        raise BadInput(_("Name somebody for at most three months, then again."))


def _delegate(person: User, username: str) -> User:
    found = User.objects.filter(username=username.strip(), is_active=True).first()
    if found is None:
        raise BadInput(_("There is no active person with this user name. Check how it is written."))
    if found.pk == person.pk:
        raise BadInput(_("Name somebody else than yourself."))
    if not found.as_role.reaches(person.as_role):
        raise BadInput(
            _("The role of %(name)s is lower than yours. Name somebody with your role.")
            % {"name": found}
        )
    return found
