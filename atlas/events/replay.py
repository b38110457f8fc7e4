"""Reads stored run events back."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

from atlas.conversations.enums import EventKind
from atlas.events.stored import RunQueued, StoredEvent

# Each run from its own number on: who follows a long conversation misses only its end.
_READ = """
SELECT event.run_id, event.seq, event.kind, event.payload::text
FROM unnest(%s::uuid[], %s::int[]) AS have(run_id, seq)
JOIN conversations_runevent AS event ON event.run_id = have.run_id AND event.seq > have.seq
ORDER BY event.run_id, event.seq
"""

_RUNS = """
SELECT id, conversation_id, question_id, answer_id, kind
FROM conversations_run WHERE conversation_id = ANY(%s) ORDER BY queued_at, id
"""


def read_runs(after: Mapping[UUID, int]) -> list[StoredEvent]:
    """Return, run by run and in order, the events above each run's number."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(after), list(after.values())])
        return [
            StoredEvent(run_id, seq, kind, json.loads(payload))
            for run_id, seq, kind, payload in cursor.fetchall()
        ]


def read_runs_of(conversation_ids: Sequence[UUID]) -> list[RunQueued]:
    """Return the runs of the conversations in the order in which they were queued."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNS, [list(conversation_ids)])
        return [RunQueued(*row) for row in cursor.fetchall()]


def text_of(events: Sequence[StoredEvent]) -> str:
    """Return the answer's text that `events` carry."""
    return "".join(str(event.payload["text"]) for event in events if event.kind == EventKind.TEXT)
