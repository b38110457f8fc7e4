"""Promises of reading run events back: what was asked for comes from Postgres, and no more."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from atlas.accounts.models import User
from atlas.conversations import services
from atlas.conversations.models import Run, RunEvent
from atlas.events.replay import read_runs

pytestmark = pytest.mark.django_db


def asked(ann: User, count: int) -> Run:
    run = services.ask(ann, "How many?")
    for seq in range(1, count + 1):
        payload = {"text": f"é{seq}", "deep": [{"n": 1.5, "none": None}]}
        RunEvent.objects.create(run=run, seq=seq, kind="text", payload=payload)
    return run


def rows_read(read: Callable[[], object]) -> int:
    """How many rows Postgres sent."""
    counts: list[int] = []

    def counting(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        result = execute(sql, params, many, context)
        counts.append(context["cursor"].rowcount)
        return result

    with connection.execute_wrapper(counting):
        read()
    return sum(counts)


def test_a_new_run_does_not_bring_the_whole_conversation_again(ann: User) -> None:
    old, new, unknown = asked(ann, 40), asked(ann, 2), uuid4()
    after = {old.pk: 39, new.pk: 0, unknown: 0}

    found = read_runs(after)

    assert sorted((event.run_id, event.seq) for event in found) == sorted(
        [(old.pk, 40), (new.pk, 1), (new.pk, 2)]
    )
    payload = next(event.payload for event in found if event.run_id == old.pk)
    assert payload == {"text": "é40", "deep": [{"n": 1.5, "none": None}]}
    assert rows_read(lambda: read_runs(after)) == 3


def test_nothing_is_read_for_no_run() -> None:
    assert read_runs({}) == []
