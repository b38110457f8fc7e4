"""How a run ends: its last event, its status and the answer's text, together or not at all."""

import json
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q
from django.db.models.functions import Now

from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.jsonable import JSON
from atlas.conversations.enums import EventKind, RunStatus
from atlas.conversations.models import Run, RunEvent
from atlas.conversations.owners import is_gone

_END = """
WITH ended AS (
    UPDATE conversations_run SET status = %(kind)s, finished_at = statement_timestamp(),
        lease_until = NULL, untrusted = %(untrusted)s
    WHERE id = %(run)s AND fence = %(fence)s AND status = 'running'
    RETURNING id, conversation_id, answer_id
), told AS (
    INSERT INTO conversations_runevent (run_id, seq, kind, payload)
    SELECT id, %(seq)s, %(kind)s, %(payload)s::jsonb FROM ended
)
SELECT conversation_id, answer_id FROM ended
"""

_COMPLETE = """
UPDATE conversations_message AS answer
SET parts = parts || %s::jsonb, text = coalesce((
    SELECT string_agg(event.payload->>'text', '' ORDER BY run.queued_at, run.id, event.seq)
    FROM conversations_run AS run
    JOIN conversations_runevent AS event ON event.run_id = run.id AND event.kind = 'text'
    WHERE run.answer_id = answer.id
), '')
WHERE id = %s
"""


def finish_run(
    run_id: UUID,
    fence: int,
    seq: int,
    end: tuple[EventKind, dict[str, JSON]],
    parts: list[JSON],
    *,
    untrusted: bool = False,
) -> bool:
    """End a run whose lease is held under `fence`: terminal event, status, the answer's text.

    False when the lease belongs to somebody else; then nothing was written. `untrusted` is kept
    for the runs that follow in the conversation.
    """
    kind, payload = end
    given: dict[str, Any] = {"run": run_id, "fence": fence, "seq": seq, "untrusted": untrusted}
    given |= {"kind": kind.value, "payload": json.dumps(payload)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_END, given)
        ended = cursor.fetchone()
        if ended is None:
            return False
        conversation_id, answer_id = ended
        _complete(answer_id, parts)
        notify(Topic.RUN, f"{conversation_id}:{run_id}:{seq}")
    return True


def interrupt_dead_runs() -> list[UUID]:
    """Write `interrupted` for runs whose lease ended or whose process is known to be gone."""
    with transaction.atomic():
        running = Run.objects.select_for_update(skip_locked=True).filter(status=RunStatus.RUNNING)
        dead = list(running.filter(Q(lease_until__lt=Now()) | Q(lease_owner__in=_gone_owners())))
        for run in dead:
            last = run.events.aggregate(last=Max("seq"))["last"] or 0
            RunEvent.objects.create(run=run, seq=last + 1, kind=EventKind.INTERRUPTED, payload={})
            run.status, run.lease_until = RunStatus.INTERRUPTED, None
            run.fence += 1
            run.finished_at = Now()
            # What it had been given died with its process.
            run.untrusted = True
            run.save(update_fields=["status", "lease_until", "fence", "finished_at", "untrusted"])
            _complete(run.answer_id, [])
            notify(Topic.RUN, f"{run.conversation_id}:{run.pk}:{last + 1}")
    return [run.pk for run in dead]


def _gone_owners() -> list[str]:
    running = Run.objects.filter(status=RunStatus.RUNNING)
    owners = running.values_list("lease_owner", flat=True).distinct()
    return [owner for owner in owners if is_gone(owner)]


def _complete(answer_id: UUID, parts: list[JSON]) -> None:
    """Keep the text of all runs of an answer in the answer, and add this one's parts."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPLETE, [json.dumps(parts), answer_id])
