"""What becomes of old run events: a message keeps the final text, so its pieces may go."""

from datetime import timedelta
from typing import Any

from django.db import connection

KEEP_TEXT = timedelta(hours=24)
KEEP_EVENTS = timedelta(days=90)
BATCH = 5_000

# Only an answer that ended well is complete: any other may be continued, and the continuation
# is put together from the pieces.
_TEXT = """
DELETE FROM conversations_runevent WHERE (run_id, seq) IN (
    SELECT event.run_id, event.seq
    FROM conversations_runevent AS event
    JOIN conversations_run AS run ON run.id = event.run_id
    WHERE event.kind = 'text' AND event.at < now() - %s
    AND EXISTS (
        SELECT FROM conversations_run AS done
        WHERE done.answer_id = run.answer_id AND done.status = 'done'
        AND done.finished_at < now() - %s
    )
    ORDER BY event.at LIMIT %s
)
"""
_OLD = """
DELETE FROM conversations_runevent WHERE (run_id, seq) IN (
    SELECT event.run_id, event.seq
    FROM conversations_runevent AS event
    JOIN conversations_run AS run ON run.id = event.run_id
    WHERE event.at < now() - %s AND run.finished_at < now() - %s
    ORDER BY event.at LIMIT %s
)
"""


def forget_text_events() -> int:
    """Delete pieces of text a day after their answer was complete; returns how many, one batch."""
    return _delete(_TEXT, [KEEP_TEXT, KEEP_TEXT, BATCH])


def forget_old_events() -> int:
    """Delete all events of runs that ended 90 days ago; returns how many, one batch."""
    return _delete(_OLD, [KEEP_EVENTS, KEEP_EVENTS, BATCH])


def _delete(statement: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
