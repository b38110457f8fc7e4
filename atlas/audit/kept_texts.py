"""Holds the names and addresses beside the log against the keys by which entries refer to them."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from atlas.audit.events import AuditEvent
from atlas.audit.personal import key_of

FETCHED = 5_000
KEPT = "SELECT key, kind, actor_id, text, salt FROM audit_auditpersonal"
ERASED = """
SELECT jsonb_array_elements_text(body->'keys') FROM audit_auditentry
WHERE event = %s AND jsonb_typeof(body->'keys') = 'array'
"""


class KeptTexts:
    """Which keys have their text, which have another than they had, and which were erased."""

    def __init__(self) -> None:
        self._present: set[str] = set()
        self._changed: set[str] = set()
        for key, kind, actor_id, text, salt in _rows(KEPT, []):
            fits = key == key_of(kind, actor_id, text, bytes(salt))
            (self._present if fits else self._changed).add(key)
        self._erased = {key for (key,) in _rows(ERASED, [AuditEvent.AUDIT_ERASED.value])}

    def fault(self, actor_key: str, subject_key: str, address_key: str | None) -> str:
        """What is wrong with the texts of an entry; empty when nothing is.

        Erasing the name of whoever did it accounts for the other texts of the entry as well.
        """
        for key in (actor_key, subject_key, address_key):
            if not key or key in self._present:
                continue
            if key in self._changed:
                return "was changed"
            if not self._erased & {key, actor_key}:
                return "was removed without a record of its erasure"
        return ""


def _rows(query: str, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(FETCHED):
            yield from rows
