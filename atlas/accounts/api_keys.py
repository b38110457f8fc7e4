"""API keys: shown once, kept as a hash, never above their owner's role of the moment."""

import datetime
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from atlas.accounts.models import ApiKey, User
from atlas.accounts.roles import Role, Scope
from atlas.accounts.services import rights_changed
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.common.clock import database_now
from atlas.common.errors import BadInput, NotAllowed

SCHEME = "bearer"
PREFIX_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
PREFIX_LENGTH = 8
MOST_KEYS = 20
# Each use would be a write otherwise.
USE_NOTED_EVERY = datetime.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a key stands for: `user` carries the lower of both roles and cannot be saved."""

    user: User
    role: Role
    prefix: str

    @property
    def means(self) -> str:
        """How the audit log names what the owner acted through."""
        return f"API key {self.prefix}"


@transaction.atomic
def create_key(
    owner: User,
    *,
    name: str,
    role: Role,
    scopes: Collection[Scope] = (),
    lasting: datetime.timedelta | None = None,
    by: User,
) -> tuple[ApiKey, str]:
    """Make a key and return it with its text, which is not kept and cannot be shown again.

    Without scopes it only reads; without `lasting` it has no end.

    Raises NotAllowed unless `by` is the owner, and BadInput for a role above the owner's.
    """
    if by.pk != owner.pk or not by.is_active:
        raise NotAllowed(_("People make their API keys themselves. Ask the owner for one."))
    if not owner.as_role.reaches(role):
        raise BadInput(_("A key cannot have a higher role than you have. Choose a lower one."))
    if not name.strip():
        raise BadInput(_("Give the key a name that says what it is for."))
    User.objects.select_for_update().get(pk=owner.pk)
    if usable_keys().filter(owner=owner).count() >= MOST_KEYS:
        raise BadInput(_("You have %(count)s keys. Revoke one first.") % {"count": MOST_KEYS})
    letters = "".join(secrets.choice(PREFIX_ALPHABET) for _at in range(PREFIX_LENGTH))
    prefix = f"atl_{letters}"
    text = f"{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        owner=owner,
        name=name.strip(),
        prefix=prefix,
        digest=_digest(text),
        role=role,
        scopes=sorted(scopes),
        expires_at=None if lasting is None else database_now() + lasting,
    )
    _record(AuditEvent.API_KEY_MADE, key, by)
    return key, text


@transaction.atomic
def revoke_key(key: ApiKey, *, by: User) -> ApiKey:
    """End a key for good; raises NotAllowed unless `by` is its owner or an admin."""
    if by.pk != key.owner_id and not by.is_atlas_admin:
        raise NotAllowed(_("Only its owner or an admin may revoke a key. Ask one of them."))
    locked = ApiKey.objects.select_for_update().get(pk=key.pk)
    if locked.revoked_at is None:
        ApiKey.objects.filter(pk=key.pk).update(revoked_at=Now())
        locked.refresh_from_db()
        rights_changed(locked.owner)
        _record(AuditEvent.API_KEY_REVOKED, locked, by)
    return locked


def authenticate_bearer(header: str) -> Bearer | None:
    """Whom an `Authorization` header stands for; None for anything but a key that works.

    This is the only place that reads keys; they are taken from no other header or parameter.
    """
    scheme, _space, text = header.partition(" ")
    text = text.strip()
    if scheme.lower() != SCHEME or not text.isascii():
        return None
    prefix = text[: len("atl_") + PREFIX_LENGTH]
    key = usable_keys().select_related("owner").filter(prefix=prefix).first()
    if key is None or not secrets.compare_digest(key.digest, _digest(text)):
        return None
    if not key.owner.is_active:
        return None
    _note_use(key)
    user = key.owner
    role = Role(key.role).at_most(user.as_role)
    user.role, user.is_staff, user.is_narrowed = role, role is Role.ADMIN, True
    user.scopes = frozenset(Scope(scope) for scope in key.scopes)
    return Bearer(user, role, key.prefix)


def usable_keys() -> "QuerySet[ApiKey]":
    """The keys that are neither revoked nor past their day, by the database's clock."""
    lasting = Q(expires_at=None) | Q(expires_at__gt=Now())
    return ApiKey.objects.filter(lasting, revoked_at=None)


def keys_of(owner: User) -> "QuerySet[ApiKey]":
    """A person's keys, the newest first; `is_expired` says which are past their day."""
    return ApiKey.objects.filter(owner=owner).annotate(is_expired=Q(expires_at__lte=Now()))


def _note_use(key: ApiKey) -> None:
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=Now() - USE_NOTED_EVERY)
    ApiKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=Now())


def _record(event: AuditEvent, key: ApiKey, by: User) -> None:
    body = {"prefix": key.prefix, "name": key.name, "role": key.role, "scopes": key.scopes}
    body["owner_id"] = key.owner_id
    record(event, actor=by, subject=f"user {key.owner.get_username()}", body=body)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
