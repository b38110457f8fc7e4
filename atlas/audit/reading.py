"""Audit entries as people read them: with addresses in their place, unless they were erased."""

from typing import Any

from django.utils.translation import gettext as _

from atlas.audit.models import AuditEntry, AuditPersonal
from atlas.audit.personal import ADDRESS, ERASABLE


def shown_body(entry: AuditEntry) -> dict[str, Any]:
    """The body of an entry with the address that it refers to."""
    address = entry.body.get(ADDRESS)
    if not isinstance(address, dict) or ERASABLE not in address:
        return dict(entry.body)
    kept = AuditPersonal.objects.filter(key=address[ERASABLE]).values_list("text", flat=True)
    return {**entry.body, ADDRESS: next(iter(kept), _("erased"))}


def shown_name(entry: AuditEntry) -> str:
    """The name of whoever did it; empty for nobody."""
    return _("erased") if entry.actor_key and not entry.actor_name else entry.actor_name


def shown_subject(entry: AuditEntry) -> str:
    """What an entry is about."""
    return _("erased") if entry.subject_key and not entry.subject else entry.subject
