"""Everything one may ask of action requests."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Now

from approvals.enums import OPEN, Mode, Status
from approvals.rules import installed
from approvals.rules.groups import groups_of
from atlas.accounts.absences import covered_by
from atlas.accounts.roles import Role
from atlas.conversations.models import Participant

if TYPE_CHECKING:
    from approvals.models import ActionRequest  # noqa: F401 - the base class names it
    from atlas.accounts.models import User


class ActionRequestQuerySet(models.QuerySet["ActionRequest"]):
    def visible_to(self, user: "User") -> "ActionRequestQuerySet":
        """The requests that `user` may see: own ones, those of conversations that the person
        takes part in, those decided or to be decided for a colleague who is away, and for admins
        those that wait for admins."""
        if not user.is_active:
            return self.none()
        seen = Q(requester=user) | Q(_takes_part(user)) | Q(_stood_in(user))
        if user.is_atlas_admin:
            seen |= Q(mode=Mode.ADMIN_ONLY) | Q(escalated_at__isnull=False)
        for person in covered_by(user) if user.may_decide else []:
            seen |= Q(pk__in=self._for_absent(person, user).values("pk"))
        for group in _groups(user):
            seen |= Q(policy__steps__contains=[{"group": group}])
            seen |= Q(escalated_to__contains=[group])
        return self.filter(seen)

    def decidable_by(self, user: "User") -> "ActionRequestQuerySet":
        """The waiting requests that `user` may approve or reject at this moment, by an own right
        or for a colleague who is away."""
        if not user.may_decide:
            return self.none()
        mine = self.decidable_by_right_of(user)
        people = covered_by(user)
        if not people:
            return mine
        decides = Q(pk__in=mine.values("pk"))
        for person in people:
            decides |= Q(pk__in=self._for_absent(person, user).values("pk"))
        return self.filter(decides)

    def decidable_by_right_of(self, user: "User") -> "ActionRequestQuerySet":
        """The same without what `user` decides for others."""
        if not user.may_decide:
            return self.none()
        groups = _groups(user)
        decides = Q(_takes_part(user, may_write=True), mode=Mode.MANUAL, turn="")
        for group in groups:
            is_early = ~Q(policy__last_group=group) & ~_requested_by(user)
            decides |= Q(turn=group) & (Q(mode=Mode.MANUAL) | Q(mode=Mode.ADMIN_ONLY) & is_early)
            decides |= Q(escalated_to__contains=[group]) & _is_for(user) & ~_requested_by(user)
        if user.is_atlas_admin:
            foreign = Q() if _may_decide_own(user) else ~_requested_by(user)
            decides |= Q(mode=Mode.ADMIN_ONLY, turn__in=["", *groups]) & foreign
            decides |= Q(escalated_at__isnull=False) & ~Q(mode=Mode.AUTO) & ~_requested_by(user)
        by_another = Q(policy__two_person=True) & _requested_by(user)
        return self.pending().filter(decides).exclude(by_another).exclude(_has_approved(user))

    def _for_absent(self, person: "User", delegate: "User") -> "ActionRequestQuerySet":
        theirs = self.model.objects.decidable_by_right_of(person)
        return theirs.exclude(_requested_by(delegate)).exclude(_has_approved(delegate))

    def pending(self) -> "ActionRequestQuerySet":
        """The requests that wait for a decision and can still get one."""
        return self.filter(status=Status.PENDING, expires_at__gt=Now())

    def open(self) -> "ActionRequestQuerySet":
        """The requests whose outcome is not known yet."""
        return self.filter(status__in=OPEN)

    def of_run(self, run_id: UUID) -> "ActionRequestQuerySet":
        """What one run proposed, in the order of the proposals."""
        return self.filter(origin_run_id=run_id).order_by("id")


def _groups(user: "User") -> frozenset[str]:
    """Of those that decide in steps, the names of the groups the person belongs to."""
    if not user.may_decide:
        return frozenset()
    return groups_of(installed.current().groups, user.username, user.as_role)


def _is_for(user: "User") -> Q:
    """What somebody may decide whose group is asked next: never for an admin without being one."""
    if user.is_atlas_admin:
        return ~Q(mode=Mode.AUTO)
    is_early = ~Q(turn="") & ~Q(turn=KT("policy__last_group"))
    return Q(mode=Mode.MANUAL) | Q(mode=Mode.ADMIN_ONLY) & is_early


def _takes_part(user: "User", **conditions: bool) -> Exists:
    return Exists(
        Participant.objects.filter(
            conversation_id=OuterRef("conversation_id"), user=user, **conditions
        )
    )


def _has_approved(user: "User") -> Exists:
    # A vote that a delegate cast is the person's vote as well.
    cast = Q(voter=user) | Q(right_of=user.pk)
    return Exists(_votes().filter(cast, request=OuterRef("pk"), version=OuterRef("version")))


def _stood_in(user: "User") -> Exists:
    """Whether `user` voted for somebody else."""
    cast = _votes().filter(request=OuterRef("pk"), voter=user)
    return Exists(cast.filter(right_of__isnull=False).exclude(right_of=user.pk))


def _votes() -> models.QuerySet[Any]:
    # Named late: the models import this module.
    return apps.get_model("approvals", "Vote").objects.all()


def _requested_by(user: "User") -> Q:
    # Without the second half a request whose requester was deleted would be nobody's to decide.
    return Q(requester=user) & Q(requester__isnull=False)


def _may_decide_own(user: "User") -> bool:
    return installed.current().admin_self_approval and not other_admin_exists(user)


def other_admin_exists(user: "User") -> bool:
    """Whether an active admin besides `user` exists."""
    people = get_user_model().objects.filter(is_active=True, role=Role.ADMIN)
    return people.exclude(pk=user.pk).exists()
