"""Changes of people's rights: each is checked, recorded, and felt by open sockets at once."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.errors import BadInput, NotAllowed, NotFound


@transaction.atomic
def set_role(user: User, role: Role, *, by: User | None) -> User:
    """Give `user` another role; `by` None is Atlas itself.

    Raises NotAllowed unless `by` is an admin, and BadInput for the last admin.
    """
    _check_admin(by)
    locked, others = _locked_with_admins(user)
    before = locked.as_role
    if before is role:
        return locked
    if before is Role.ADMIN:
        _keep_one_admin(locked, others)
    locked.role = role
    locked.save(update_fields=["role", "is_staff"])
    details = {"before": before.value, "after": role.value}
    _changed(AuditEvent.ROLE_CHANGED, locked, by, details)
    return locked


@transaction.atomic
def deactivate(user: User, *, by: User | None) -> User:
    """Take all access from `user`, keys included, and end their sessions; what they made stays.

    Raises NotAllowed unless `by` is an admin, and BadInput for the last admin.
    """
    _check_admin(by)
    locked, others = _locked_with_admins(user)
    if not locked.is_active:
        return locked
    if locked.as_role is Role.ADMIN:
        _keep_one_admin(locked, others)
    locked.is_active = False
    locked.session_epoch += 1
    locked.save(update_fields=["is_active", "session_epoch"])
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
    return list(_admins().values_list("pk", flat=True)[:2]) == [user.pk]


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


def is_admin_now(person: User) -> bool:
    """Whether this is an admin of this moment, and may act as one.

    Who was read before a demotion is none, nor is an API key with a lower role than its owner.
    """
    return person.is_atlas_admin and _admins().filter(pk=person.pk).exists()


def _check_admin(by: User | None) -> None:
    if by is not None and not is_admin_now(by):
        raise NotAllowed(_("Only an admin may do this. Ask one."))


def _admins() -> QuerySet[User]:
    return User.objects.filter(role=Role.ADMIN, is_active=True)


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _locked_with_admins(user: User) -> tuple[User, list[User]]:
    """The person, and all other admins; of two admins who leave at the same moment the second
    waits here and then finds the first gone. Everybody locks in the same order."""
    wanted = Q(pk=user.pk) | Q(role=Role.ADMIN, is_active=True)
    people = list(User.objects.select_for_update().filter(wanted).order_by("pk"))
    found = next((person for person in people if person.pk == user.pk), None)
    if found is None:
        raise NotFound(_("There is no such person any more. Load the page again."))
    return found, [person for person in people if person.pk != user.pk]


def _keep_one_admin(leaving: User, others: list[User]) -> None:
    if leaving.is_active and not others:
        raise BadInput(
            _("This is the last admin. Make somebody else an admin first."), code="last_admin"
        )
