"""Reads from Postgres what a claimed run is to answer."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from approvals.query_requests import results_of_run
from approvals.services import outcomes_of_run
from atlas.accounts.principal import Principal
from atlas.agent.assigning import Brief, Said
from atlas.agent.tools.fitting import FOR_READING, rows_that_fit
from atlas.common.errors import NotAllowed
from atlas.conversations.enums import EventKind, RunKind
from atlas.conversations.models import Message, Run
from atlas.datasources import semantic
from atlas.datasources.models import StoredResult
from atlas.events.replay import read_runs, text_of
from atlas.events.stored import StoredEvent

MAX_HISTORY = 10


def brief_for(run_id: UUID, datasource: str, semantic_dir: Path) -> Brief:
    """Return what the run needs, and note the version of the layer that it starts with.

    Raises `NotAllowed` when the asker lost the right to ask, `NoLayerError` without a layer.
    """
    run = Run.objects.select_related("question", "asked_by").get(pk=run_id)
    if run.asked_by is None or not run.asked_by.may_ask:
        raise NotAllowed(_("The person who asked may not ask any more."))
    version = semantic.current_layer(datasource)
    Run.objects.filter(pk=run_id).update(semantic_version_id=version.version_id)
    earlier = _earlier(run)
    before = [one.pk for one in earlier if one.answer_id == run.answer_id]
    events = read_runs(dict.fromkeys(before, 0)) if before else []
    place = {pk: number for number, pk in enumerate(before)}
    events.sort(key=lambda event: (place[event.run_id], event.seq))
    kept = [i for i, event in enumerate(events) if event.kind == EventKind.CHECKPOINT]
    answers = _answers_of(earlier, run)
    results = _results(run)
    questions = [run.question, *(answer.parent for answer in answers if answer.parent)]
    return Brief(
        principal=Principal.of(run.asked_by, run.conversation_id),
        run_id=run.pk,
        question=run.question.text,
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
        has_others_words=any(one.user_id != run.asked_by_id for one in questions),
        fence=run.fence,
        was_untrusted=any(one.untrusted for one in earlier),
    )


def _earlier(run: Run) -> list[Run]:
    """The runs of the conversation before this one; those with its answer are what it continues."""
    runs = Run.objects.of_conversation(run.conversation_id).filter(queued_at__lt=run.queued_at)
    return list(runs.only("answer_id", "kind", "untrusted"))


def _answers_of(earlier: list[Run], run: Run) -> list[Message]:
    """The last answers to questions, with the questions."""
    asked = [one.answer_id for one in earlier if one.kind == RunKind.QUESTION]
    ids = [answer_id for answer_id in asked if answer_id != run.answer_id]
    answers = Message.objects.filter(pk__in=ids[-MAX_HISTORY:]).select_related("parent")
    return list(answers.order_by("created_at"))


def _previous_query(answers: list[Message]) -> dict[str, object] | None:
    for answer in reversed(answers):
        for part in reversed(answer.parts):
            if part.get("query"):
                return dict(part["query"])
    return None


def _records(run: Run) -> str:
    if run.kind != RunKind.FOLLOW_UP or run.follows_up_id is None:
        return ""
    return " ".join(outcome.sentence for outcome in outcomes_of_run(run.follows_up_id))


def _results(run: Run) -> tuple[dict[str, Any], ...]:
    """What approved queries of the run before gave."""
    if run.kind != RunKind.FOLLOW_UP or run.follows_up_id is None:
        return ()
    return tuple(results_of_run(run.follows_up_id))


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
