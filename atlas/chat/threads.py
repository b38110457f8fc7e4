"""Answers read back from Postgres: for a page, and for a socket that comes in the middle."""

from collections.abc import Mapping
from uuid import UUID

from atlas.chat.answers import AnswerView
from atlas.conversations.enums import RunKind, RunStatus
from atlas.conversations.models import Message, Run
from atlas.conversations.thread import Turn
from atlas.events.replay import read_runs
from atlas.events.stored import StoredEvent


def view_of(turn: Turn) -> AnswerView:
    """Fold the events of a turn; what their retention took is filled from the message."""
    view = AnswerView(turn.answer.id, turn.answer.conversation_id, turn.question.text)
    for run in turn.runs:
        view.begin(run.id)
    view.fold(turn.events)
    if view.blocks.is_empty and turn.answer.text:
        view.set_text(turn.answer.text)
    last = turn.runs[-1] if turn.runs else None
    if last is not None and view.end is None and RunStatus(last.status).is_final:
        view.end = StoredEvent(last.id, 0, last.status, {})
    return view


def question_of(turn: Turn) -> Message | None:
    """The question to show; a follow-up answers no question of its own."""
    is_follow_up = bool(turn.runs) and turn.runs[0].kind == RunKind.FOLLOW_UP
    return None if is_follow_up else turn.question


def read_view(run_id: UUID, after: Mapping[UUID, int]) -> AnswerView:
    """The answer of a run as it stood at the numbers in `after`."""
    run = Run.objects.select_related("question").get(pk=run_id)
    shared = Run.objects.filter(answer_id=run.answer_id).order_by("queued_at", "id")
    known = [pk for pk in shared.values_list("pk", flat=True) if pk in after]
    view = AnswerView(run.answer_id, run.conversation_id, run.question.text)
    events = read_runs(dict.fromkeys(known, 0)) if known else []
    for pk in known:
        view.begin(pk)
        mine = (event for event in events if event.run_id == pk)
        view.fold(event for event in mine if event.seq <= after[pk])
    return view
