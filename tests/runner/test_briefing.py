"""Promises of what a run is told: what it continues, what came before, and who said it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atlas.accounts.models import User
from atlas.agent.assigning import Brief, Said
from atlas.agent.work import Found
from atlas.conversations import ending, services
from atlas.conversations.enums import EventKind, RunStatus
from atlas.conversations.models import Participant, Run, RunEvent
from atlas.datasources.models import SemanticVersion, StoredResult
from atlas.runner.briefing import brief_for
from atlas.semantic.layer import SemanticLayer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def layer() -> None:
    layer = SemanticLayer()
    SemanticVersion.objects.create(
        datasource="none", digest=layer.digest, layer=json.loads(layer.to_json())
    )


def brief(run: Run) -> Brief:
    return brief_for(run.pk, "none", Path())


def in_order(*runs: Run) -> None:
    """The runs of one transaction were queued at one moment; in life each has its own."""
    start = timezone.now() - timedelta(minutes=1)
    for place, run in enumerate(runs):
        Run.objects.filter(pk=run.pk).update(queued_at=start + timedelta(seconds=place))


def end(run: Run, status: RunStatus, text: str = "", *, untrusted: bool = False) -> None:
    Run.objects.filter(pk=run.pk).update(
        status=status, finished_at=timezone.now(), untrusted=untrusted
    )
    run.answer.text = text
    run.answer.save(update_fields=["text"])


def say(run: Run, *parts: tuple[EventKind, dict[str, object]]) -> None:
    for seq, (kind, payload) in enumerate(parts, start=1):
        RunEvent.objects.create(run=run, seq=seq, kind=kind, payload=payload)


def checkpoint(text: str, *, ends: bool = False) -> tuple[EventKind, dict[str, object]]:
    said = {"type": "ModelSaid", "text": text, "calls": []}
    return EventKind.CHECKPOINT, {"messages": [said], "ends": ends}


def text(piece: str) -> tuple[EventKind, dict[str, object]]:
    return EventKind.TEXT, {"text": piece}


def chain(ann: User, length: int) -> Run:
    """A question that was interrupted so often; returns the last run."""
    runs = [services.ask(ann, "How many?")]
    for number in range(length):
        say(runs[-1], checkpoint(f"turn {number}"), text(f"{number} "))
        end(runs[-1], RunStatus.INTERRUPTED)
        runs.append(services.continue_run(runs[-1].pk, by=ann))
    in_order(*runs)
    return Run.objects.get(pk=runs[-1].pk)


def test_a_continuation_is_told_the_turns_of_all_runs_before_it(ann: User) -> None:
    told = brief(chain(ann, 3))

    assert [item["text"] for item in told.checkpoints] == ["turn 0", "turn 1", "turn 2"]
    assert told.resumed == "2 "
    assert not told.has_ended
    assert told.history == ()


def test_a_continuation_has_the_result_that_was_found_before(ann: User) -> None:
    run = services.ask(ann, "Create a ticket to restock Chai")
    kept = StoredResult.objects.create(
        conversation_id=run.conversation_id,
        datasource="shop",
        sql="SELECT name, stock FROM products",
        columns=[{"name": "name"}, {"name": "stock"}],
        rows=[["Chai", 39]],
        row_count=1,
        expires_at=timezone.now() + timedelta(days=1),
    )
    shown = {"result_id": str(kept.pk), "title": "List of products"}
    say(run, (EventKind.RESULT, shown), checkpoint("turn 0"), text("Chai: "))
    end(run, RunStatus.INTERRUPTED)
    again = services.continue_run(run.pk, by=ann)
    in_order(run, again)

    assert brief(again).found == Found(
        "List of products", kept.sql, ("name", "stock"), (("Chai", 39),)
    )
    kept.delete()
    assert brief(again).found is None


def test_a_long_chain_takes_no_more_queries_than_a_short_one(ann: User) -> None:
    brief(chain(ann, 1))  # reads the layer, which is kept
    counts = []
    for length in (1, 6):
        run = chain(ann, length)
        with CaptureQueriesContext(connection) as asked:
            brief(run)
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("ends", [True, False])
def test_a_turn_that_ended_before_the_kill_has_ended(ann: User, ends: bool) -> None:
    run = services.ask(ann, "Create a ticket")
    say(run, checkpoint("Here it is.", ends=ends))
    end(run, RunStatus.INTERRUPTED)
    again = services.continue_run(run.pk, by=ann)
    in_order(run, again)

    assert brief(again).has_ended is ends


def next_question(ann: User, run: Run, by: User | None = None) -> Run:
    again = services.ask(by or ann, "And now?", conversation_id=run.conversation_id)
    in_order(run, again)
    return Run.objects.get(pk=again.pk)


@pytest.mark.parametrize("untrusted", [True, False])
def test_what_an_earlier_run_was_given_is_remembered(ann: User, untrusted: bool) -> None:
    run = services.ask(ann, "What is the weather?")
    end(run, RunStatus.DONE, "I cannot say.", untrusted=untrusted)

    told = brief(next_question(ann, run))

    assert told.history == (Said("What is the weather?", "I cannot say."),)
    assert told.was_untrusted is untrusted
    assert not told.has_others_words


def test_a_run_that_died_counts_as_untrusted(ann: User) -> None:
    run = services.ask(ann, "How many?")
    past = timezone.now() - timedelta(seconds=1)
    Run.objects.filter(pk=run.pk).update(
        status=RunStatus.RUNNING, lease_until=past, lease_owner="elsewhere:1"
    )
    ending.interrupt_dead_runs()

    assert brief(next_question(ann, run)).was_untrusted


@pytest.mark.parametrize("other_asks_first", [True, False])
def test_words_of_others_are_not_the_askers(ann: User, bob: User, other_asks_first: bool) -> None:
    run = services.ask(ann, "How many?")
    Participant.objects.create(conversation=run.conversation, user=bob)
    end(run, RunStatus.DONE, "42.")

    told = brief(next_question(ann, run, by=bob if other_asks_first else ann))

    assert told.has_others_words is other_asks_first


def test_a_question_of_another_that_one_continues_is_not_ones_own(ann: User, bob: User) -> None:
    run = services.ask(ann, "How many?")
    Participant.objects.create(conversation=run.conversation, user=bob)
    end(run, RunStatus.STOPPED)
    again = services.continue_run(run.pk, by=bob)
    in_order(run, again)

    assert brief(Run.objects.get(pk=again.pk)).has_others_words
