"""Audit entries as CSV, all that are asked for, read and sent in parts."""

import json
from collections.abc import AsyncIterator
from typing import Any

from django.db.models import QuerySet

from atlas.audit.models import AuditEntry
from atlas.audit.reading import shown_bodies, shown_name, shown_subject
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
        below = part[-1][0]
        yield _written(part)


def _part(entries: "QuerySet[AuditEntry]", below: int | None) -> list[list[Any]]:
    older = entries if below is None else entries.filter(pk__lt=below)
    part = list(older.order_by("-id")[:PART])
    return [_cells(entry, body) for entry, body in zip(part, shown_bodies(part), strict=True)]


def _cells(entry: AuditEntry, body: dict[str, Any]) -> list[Any]:
    return [
        entry.pk,
        entry.at.isoformat(),
        entry.event,
        entry.actor_id,
        shown_name(entry),
        entry.conversation_id,
        shown_subject(entry),
        json.dumps(body, ensure_ascii=False),
    ]


def _written(rows: Any) -> bytes:
    return "".join(csv_lines(rows)).encode()
