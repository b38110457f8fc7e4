"""Reads stored run events back."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from atlas.conversations.enums import EventKind
from atlas.conversations.models import Run, RunEvent
from atlas.events.stored import RunQueued, StoredEvent


def read_after(run_id: UUID, seq: int) -> list[StoredEvent]:
    """Return the run's events with a number above `seq`, in order."""
    return read_runs({run_id: seq})


def read_runs(after: Mapping[UUID, int]) -> list[StoredEvent]:
    """Return, run by run and in order, the events above each run's number."""
    rows = RunEvent.objects.filter(run_id__in=list(after)).order_by("run_id", "seq")
    least = min(after.values(), default=0)
    return [
        StoredEvent(run_id, seq, kind, payload)
        for run_id, seq, kind, payload in rows.filter(seq__gt=least).values_list(
            "run_id", "seq", "kind", "payload"
        )
        if seq > after[run_id]
    ]


def read_runs_of(conversation_ids: Sequence[UUID]) -> list[RunQueued]:
    """Return the runs of the conversations in the order in which they were queued."""
    rows = Run.objects.filter(conversation_id__in=conversation_ids).order_by("queued_at", "id")
    return [
        RunQueued(*row)
        for row in rows.values_list("id", "conversation_id", "question_id", "answer_id", "kind")
    ]


def text_of(events: Sequence[StoredEvent]) -> str:
    """Return the answer's text that `events` carry."""
    return "".join(str(event.payload["text"]) for event in events if event.kind == EventKind.TEXT)
