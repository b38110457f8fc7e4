"""Audit entries as CSV, all that are asked for, read and sent in parts."""

import json
from collections.abc import AsyncIterator
from typing import Any

from django.db.models import QuerySet

from atlas.audit.models import AuditEntry
from atlas.audit.reading import shown_name, shown_subject
from atlas.common.csv_lines import csv_lines
from atlas.common.db import in_db

PART = 2_000
HEADINGS = (
    "id",
    "at",
    "event",
    "account",
    "name",
    "conversation",
    "subject",
    "body",
)


async def csv_parts(entries: "QuerySet[AuditEntry]") -> AsyncIterator[bytes]:
    """The headings, then the entries from the newest to the oldest, some thousands at a time.

    No connection is held between two parts, however slowly they are taken. What is recorded
    meanwhile is not among them.
    """
    yield _written([HEADINGS])
    below: int | None = None
    while part := await in_db(_part, entries, below):
        below = part[-1].pk
        yield _written([_cells(entry) for entry in part])


def _part(entries: "QuerySet[AuditEntry]", below: int | None) -> list[AuditEntry]:
    older = entries if below is None else entries.filter(pk__lt=below)
    return list(older.order_by("-id")[:PART])


def _cells(entry: AuditEntry) -> list[Any]:
    return [
        entry.pk,
        entry.at.isoformat(),
        entry.event,
        entry.actor_id,
        shown_name(entry),
        entry.conversation_id,
        shown_subject(entry),
        json.dumps(entry.body, ensure_ascii=False),
    ]


def _written(rows: Any) -> bytes:
    return "".join(csv_lines(rows)).encode()
