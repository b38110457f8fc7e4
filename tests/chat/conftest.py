"""Conversations of ann with runs whose events are written here instead of by a runner."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.conversations import services
from atlas.conversations.enums import RunStatus
from atlas.conversations.models import Run, RunEvent
from atlas.datasources.models import StoredResult

MONEY = {"name": "revenue", "label": "Revenue", "format": "money", "role": "measure"}
NAME = {"name": "name", "label": "Name", "format": None, "role": "dimension"}


class Writer:
    """Writes events as the holder of a run's lease does."""

    result: StoredResult

    def __init__(self, run: Run) -> None:
        self.run = run
        self.seq = 0

    def write(self, *parts: tuple[str, dict]) -> None:
        with transaction.atomic():
            for kind, payload in parts:
                self.seq += 1
                RunEvent.objects.create(run=self.run, seq=self.seq, kind=kind, payload=payload)
                if kind in RunStatus.values:
                    self._end(kind)
            notify(Topic.RUN, f"{self.run.conversation_id}:{self.run.id}:{self.seq}")

    def say(self, *pieces: str) -> None:
        self.write(*(("text", {"text": piece}) for piece in pieces))

    def _end(self, status: str) -> None:
        said = self.run.events.filter(kind="text").order_by("seq")
        self.run.answer.text = "".join(event.payload["text"] for event in said)
        self.run.answer.save(update_fields=["text"])
        Run.objects.filter(pk=self.run.pk).update(status=status, finished_at=timezone.now())


def ask(user, text="How much?", conversation_id=None) -> Writer:
    return Writer(services.ask(user, text, conversation_id=conversation_id))


def store(run: Run, rows: Sequence[list], *, columns=(NAME, MONEY), truncated=False):
    return StoredResult.objects.create(
        conversation_id=run.conversation_id,
        datasource="demo",
        sql="SELECT 1",
        columns=list(columns),
        rows=list(rows),
        row_count=len(rows),
        truncated=truncated,
        expires_at=timezone.now() + timedelta(days=1),
    )


@pytest.fixture
def answered(ann) -> Writer:
    """A finished answer of ann with 120 rows."""
    writer = ask(ann, "Revenue by customer")
    result = store(writer.run, [[f"Customer {n}", f"{n}.50"] for n in range(120)])
    writer.say("QUICK-Stop ", "leads.")
    writer.write(
        (
            "result",
            {
                "result_id": str(result.id),
                "title": "Revenue by customer",
                "sql": "SELECT name FROM customers",
                "columns": [NAME, MONEY],
                "row_count": 120,
                "truncated": False,
                "ms": 12,
                "datasource": "demo",
                "governed": True,
            },
        ),
        ("done", {}),
    )
    writer.result = result
    return writer
