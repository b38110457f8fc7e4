"""Layers whose files could not be used at their newest reading, as the audit log tells."""

import datetime as dt
from dataclasses import dataclass

from django.utils.timezone import now

from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry

# Every start of a worker reads the files again, so older entries say nothing about today.
RECENT = dt.timedelta(days=30)


@dataclass(frozen=True)
class BrokenFiles:
    """What was wrong, each as "file:line: what", and the audit entry that holds it."""

    datasource: str
    problems: tuple[str, ...]
    entry_id: int


def broken_files() -> list[BrokenFiles]:
    """One for each datasource whose last good layer is in use because its files are broken."""
    told = AuditEntry.objects.filter(
        at__gt=now() - RECENT,
        event__in=[AuditEvent.SEMANTIC_KEPT, AuditEvent.SEMANTIC_RELOADED],
    )
    return [
        BrokenFiles(entry.subject, tuple(map(str, entry.body.get("problems", ()))), entry.pk)
        for entry in told.order_by("plain_subject", "-id").distinct("plain_subject")
        if entry.event == AuditEvent.SEMANTIC_KEPT
    ]
