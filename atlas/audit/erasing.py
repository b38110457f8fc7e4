"""Erases a person's name and addresses from the audit log, whose chain still verifies."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry, AuditPersonal
from atlas.audit.personal import ACCOUNT
from atlas.audit.record import record
from atlas.audit.releasing import releasing
from atlas.common.errors import NotFound

# Addresses of failed sign-ins have no actor; their entries have the name.
TEXTS = """
key = ANY(%s) OR (kind = 'address' AND actor_id = %s) OR key IN (
    SELECT body->'address'->>'erasable' FROM audit_auditentry WHERE actor_key = ANY(%s))
"""


@dataclass(frozen=True, slots=True)
class Erased:
    """So many texts are gone; `plain` entries are from before names could be erased."""

    actor_id: int
    texts: int
    plain: int


def erase(user: str) -> Erased:
    """Erase somebody by the name or the number of their account, under all names they had.

    What they did stays, under their number: what they asked, approved and changed. The erasure is
    recorded first, with the keys and without the names. Raises `NotFound` for a name that the log
    does not know, `NotOwner` where the login may not delete.
    """
    actor_id, names = _person(user)
    texts = AuditPersonal.objects
    name_keys = set(texts.filter(kind="name", actor_id=actor_id).values_list("key", flat=True))
    typed = texts.filter(kind="name", actor_id=None, text__in=names)
    name_keys |= set(typed.values_list("key", flat=True))
    about = texts.filter(kind="subject", text__in=[f"{ACCOUNT}{name}" for name in names])
    keys = sorted(name_keys | set(about.values_list("key", flat=True)))
    with releasing() as release:
        # Asked first, so that a login without the right leaves no trace of an erasure.
        release.delete("audit_auditpersonal", "false", [])
    record(
        AuditEvent.AUDIT_ERASED,
        actor=None,
        actor_name="audit_erase",
        subject=f"{ACCOUNT}{actor_id}",
        body={"keys": keys},
    )
    with releasing() as release:
        values = [keys, actor_id, sorted(name_keys)]
        count = release.delete("audit_auditpersonal", TEXTS, values)
    plain = AuditEntry.objects.filter(actor_id=actor_id).exclude(plain_name="").count()
    return Erased(actor_id, count, plain)


def _person(user: str) -> tuple[int, set[str]]:
    """The number of an account and all names that it has or had."""
    kept = AuditPersonal.objects.filter(kind="name")
    account = get_user_model()._default_manager.filter(username=user).first()
    actor_id = account.pk if account else None
    if actor_id is None and user.isdecimal():
        actor_id = int(user)
    if actor_id is None:
        known = kept.filter(text=user, actor_id__isnull=False)
        actor_id = known.values_list("actor_id", flat=True).first()
    names = set(kept.filter(actor_id=actor_id).values_list("text", flat=True))
    if actor_id is None or not (account or names):
        raise NotFound(f"The audit log knows nobody by the name or number {user}.")
    return actor_id, names | ({account.get_username()} if account else set())
