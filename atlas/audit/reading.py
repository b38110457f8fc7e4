"""Audit entries as people read them: with addresses in their place, unless they were erased."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from atlas.audit.models import AuditEntry, AuditPersonal
from atlas.audit.personal import ADDRESS, ERASABLE


def shown_bodies(entries: Sequence[AuditEntry]) -> list[dict[str, Any]]:
    """The body of each entry with the address that it refers to, all read at once."""
    keys = [_address_key(entry) for entry in entries]
    wanted = AuditPersonal.objects.filter(key__in={key for key in keys if key})
    kept = dict(wanted.values_list("key", "text"))
    return [
        {**entry.body, ADDRESS: kept.get(key, _("erased"))} if key else dict(entry.body)
        for entry, key in zip(entries, keys, strict=True)
    ]


def shown_body(entry: AuditEntry) -> dict[str, Any]:
    """The body of one entry, as `shown_bodies` gives it."""
    (body,) = shown_bodies([entry])
    return body


def shown_name(entry: AuditEntry) -> str:
    """The name of whoever did it; empty for nobody."""
    return _("erased") if entry.actor_key and not entry.actor_name else entry.actor_name


def shown_subject(entry: AuditEntry) -> str:
    """What an entry is about."""
    return _("erased") if entry.subject_key and not entry.subject else entry.subject


def _address_key(entry: AuditEntry) -> str:
    """The key of the address in a body; empty when it holds none."""
    address = entry.body.get(ADDRESS)
    return str(address.get(ERASABLE, "")) if isinstance(address, dict) else ""
