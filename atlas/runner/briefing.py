"""Reads from Postgres what a claimed run is to answer."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from approvals.filing.queries import results_of_run
from approvals.services import outcomes_of_run
from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.agent.assigning import Brief, Said
from atlas.agent.tools.fitting import FOR_READING, rows_that_fit
from atlas.agent.work import Found
from atlas.common.errors import NotAllowed
from atlas.conversations.enums import EventKind, RunKind
from atlas.conversations.models import Message
from atlas.datasources import semantic
from atlas.datasources.models import StoredResult
from atlas.events.replay import read_runs, text_of
from atlas.events.stored import StoredEvent

MAX_HISTORY = 10


_RUN = """
SELECT run.conversation_id, run.answer_id, run.kind, run.follows_up_id, run.fence,
    question.text, question.user_id,
    person.id, person.username, person.role, person.is_active
FROM conversations_run AS run
JOIN conversations_message AS question ON question.id = run.question_id
LEFT JOIN accounts_user AS person ON person.id = run.asked_by_id
WHERE run.id = %s
"""

_NOTE_VERSION = "UPDATE conversations_run SET semantic_version_id = %s WHERE id = %s"

# Those with the same answer are what a run continues.
_EARLIER = """
SELECT earlier.id, earlier.answer_id, earlier.kind, earlier.untrusted
FROM conversations_run AS earlier
JOIN conversations_run AS run ON run.conversation_id = earlier.conversation_id
WHERE run.id = %s AND earlier.queued_at < run.queued_at
ORDER BY earlier.queued_at, earlier.id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A run with its question, and who asked with the rights of now."""

    asked_by: User
    conversation_id: UUID
    answer_id: UUID
    kind: str
    follows_up: UUID | None
    fence: int
    question: str
    question_by: int | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A run of the same conversation that was queued before."""

    run_id: UUID
    answer_id: UUID
    kind: str
    untrusted: bool


def brief_for(run_id: UUID, datasource: str, semantic_dir: Path) -> Brief:
    """Return what the run needs, and note the version of the layer that it starts with.

    Raises `NotAllowed` when the asker lost the right to ask, `NoLayer` without a layer.
    """
    with connection.cursor() as cursor:
        run = _run(cursor, run_id)
        version = semantic.current_layer(datasource)
        cursor.execute(_NOTE_VERSION, [version.version_id, run_id])
        cursor.execute(_EARLIER, [run_id])
        earlier = [Earlier(*row) for row in cursor.fetchall()]
    before = [one.run_id for one in earlier if one.answer_id == run.answer_id]
    events = read_runs(dict.fromkeys(before, 0)) if before else []
    place = {pk: number for number, pk in enumerate(before)}
    events.sort(key=lambda event: (place[event.run_id], event.seq))
    kept = [i for i, event in enumerate(events) if event.kind == EventKind.CHECKPOINT]
    answers = _answers_of(earlier, run)
    results = _results(run)
    asked_by_others = run.question_by != run.asked_by.pk or any(
        answer.parent and answer.parent.user_id != run.asked_by.pk for answer in answers
    )
    return Brief(
        principal=Principal.of(run.asked_by, run.conversation_id),
        run_id=run_id,
        question=run.question,
        layer=version.layer,
        datasource=datasource,
        semantic_dir=semantic_dir,
        history=tuple(Said(answer.parent.text, answer.text) for answer in answers if answer.parent),
        previous=_previous_query(answers),
        checkpoints=tuple(item for i in kept for item in _messages(events[i])),
        resumed=text_of(events[kept[-1] + 1 if kept else 0 :]),
        has_ended=bool(kept and events[kept[-1]].payload.get("ends")),
        records=_records(run),
        results=results,
        rows=tuple(_rows_of(shown) for shown in results),
        found=_found(events[: kept[-1]]) if kept else None,
        has_others_words=asked_by_others,
        fence=run.fence,
        was_untrusted=any(one.untrusted for one in earlier),
    )


def _run(cursor: CursorWrapper, run_id: UUID) -> Asked:
    cursor.execute(_RUN, [run_id])
    *facts, user_id, username, role, is_active = cursor.fetchone()
    person = User(pk=user_id, username=username, role=role, is_active=is_active)
    if user_id is None or not person.may_ask:
        raise NotAllowed(
            _("The person who asked may not ask any more. Ask an admin for another role.")
        )
    return Asked(person, *facts)


def _answers_of(earlier: list[Earlier], run: Asked) -> list[Message]:
    """The last answers to questions, with the questions."""
    asked = [one.answer_id for one in earlier if one.kind == RunKind.QUESTION]
    ids = [answer_id for answer_id in asked if answer_id != run.answer_id]
    if not ids:
        return []
    answers = Message.objects.filter(pk__in=ids[-MAX_HISTORY:]).select_related("parent")
    return list(answers.order_by("created_at"))


def _previous_query(answers: list[Message]) -> dict[str, object] | None:
    for answer in reversed(answers):
        for part in reversed(answer.parts):
            if part.get("query"):
                return dict(part["query"])
    return None


def _records(run: Asked) -> str:
    if run.kind != RunKind.FOLLOW_UP or run.follows_up is None:
        return ""
    return " ".join(outcome.sentence for outcome in outcomes_of_run(run.follows_up))


def _results(run: Asked) -> tuple[dict[str, Any], ...]:
    """What approved queries of the run before gave."""
    if run.kind != RunKind.FOLLOW_UP or run.follows_up is None:
        return ()
    return tuple(results_of_run(run.follows_up))


def _found(events: list[StoredEvent]) -> Found | None:
    """The latest result before the checkpoint, while its rows are kept."""
    shown = next((event for event in reversed(events) if event.kind == EventKind.RESULT), None)
    if shown is None:
        return None
    kept = StoredResult.objects.kept().filter(pk=str(shown.payload["result_id"])).first()
    if kept is None:
        return None
    columns = tuple(column["name"] for column in kept.columns)
    return Found(str(shown.payload["title"]), kept.sql, columns, tuple(map(tuple, kept.rows)))


def _rows_of(shown: dict[str, Any]) -> str:
    """The first rows of a result as JSON for a model that reads."""
    kept = StoredResult.objects.kept().filter(pk=shown["result_id"]).first()
    if kept is None:
        return ""
    columns = [column["name"] for column in kept.columns]
    told = {"columns": columns, "rows": rows_that_fit(kept.rows, FOR_READING)}
    return json.dumps(told, ensure_ascii=False, default=str)


def _messages(event: StoredEvent) -> list[dict[str, Any]]:
    """The messages that a checkpoint holds."""
    messages: Any = event.payload["messages"]
    return list(messages)
