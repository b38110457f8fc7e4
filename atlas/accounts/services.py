"""Changes of people's rights: each is checked, recorded, and felt by open sockets at once."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.errors import BadInput, NotAllowed


@transaction.atomic
def set_role(user: User, role: Role, *, by: User | None) -> User:
    """Give `user` another role; `by` None is Atlas itself.

    Raises NotAllowed unless `by` is an admin, and BadInput for the last admin.
    """
    _check_admin(by)
    locked = _locked(user)
    before = locked.as_role
    if before is role:
        return locked
    if before is Role.ADMIN:
        _keep_one_admin(locked)
    locked.role = role
    locked.save(update_fields=["role", "is_staff"])
    details = {"before": before.value, "after": role.value}
    _changed(AuditEvent.ROLE_CHANGED, locked, by, details)
    return locked


@transaction.atomic
def deactivate(user: User, *, by: User | None) -> User:
    """Take all access from `user`, keys included; what they made stays.

    Raises NotAllowed unless `by` is an admin, and BadInput for the last admin.
    """
    _check_admin(by)
    locked = _locked(user)
    if not locked.is_active:
        return locked
    if locked.as_role is Role.ADMIN:
        _keep_one_admin(locked)
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    _changed(AuditEvent.DEACTIVATED, locked, by)
    return locked


@transaction.atomic
def activate(user: User, *, by: User | None) -> User:
    """Give a deactivated person their access back; raises NotAllowed unless `by` is an admin."""
    _check_admin(by)
    locked = _locked(user)
    if locked.is_active:
        return locked
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    _changed(AuditEvent.ACTIVATED, locked, by)
    return locked


@transaction.atomic
def change_password(user: User, password: str, *, by: User | None) -> User:
    """Set a password that was already checked against the rules; ends the person's sessions.

    Raises NotAllowed unless `by` is the person or an admin.
    """
    if by is not None and by.pk != user.pk:
        _check_admin(by)
    locked = _locked(user)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    _changed(AuditEvent.PASSWORD_CHANGED, locked, by)
    return locked


@transaction.atomic
def note_new_password(user: User, *, by: User) -> None:
    """Record a password that an admin's page has saved, and let sockets look again."""
    _changed(AuditEvent.PASSWORD_CHANGED, _locked(user), by)


@transaction.atomic
def logout_everywhere(user: User, *, by: User | None) -> User:
    """End every session and socket of `user`; raises NotAllowed unless it is them or an admin."""
    if by is not None and by.pk != user.pk:
        _check_admin(by)
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    locked = _locked(user)
    _changed(AuditEvent.SIGNED_OUT_EVERYWHERE, locked, by)
    return locked


@transaction.atomic
def sign_out(user: User) -> None:
    """Note that `user` left. Closes all their sockets; those of other sessions come back by
    themselves, since a socket does not know its session."""
    _changed(AuditEvent.SIGNED_OUT, _locked(user), user)


def is_last_admin(user: User) -> bool:
    """Whether nobody else could administrate; only a hint, `set_role` and `deactivate` decide."""
    others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=user.pk)
    known = User.objects.filter(pk=user.pk, role=Role.ADMIN, is_active=True)
    return known.exists() and not others.exists()


def rights_changed(user: User) -> None:
    """Let open sockets of `user` look again; call it in the transaction of the change."""
    User.objects.filter(pk=user.pk).update(epoch=F("epoch") + 1)
    notify(Topic.USER, str(user.pk))


def _changed(
    event: AuditEvent, user: User, by: User | None, details: Mapping[str, object] | None = None
) -> None:
    rights_changed(user)
    user.refresh_from_db(fields=["epoch"])
    record(
        event,
        actor=by,
        actor_name="" if by else "atlas",
        subject=f"user {user.get_username()}",
        body={"user_id": user.pk, **(details or {})},
    )


def _check_admin(by: User | None) -> None:
    if by is not None and not by.is_atlas_admin:
        raise NotAllowed(_("Only an admin may do this. Ask one."))


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _keep_one_admin(leaving: User) -> None:
    """Refuse when nobody else is left. All admins are locked, so that of two who leave at the
    same moment the second finds out about the first."""
    admins = User.objects.filter(role=Role.ADMIN, is_active=True)
    left = list(admins.select_for_update().order_by("pk").values_list("pk", flat=True))
    if leaving.is_active and not [pk for pk in left if pk != leaving.pk]:
        raise BadInput(
            _("This is the last admin. Make somebody else an admin first."), code="last_admin"
        )
