"""Whoever clicks at the same moment: exactly one decision, one vote, one record, one run."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.db.models.functions import Now

from approvals.enums import Status
from approvals.errors import Conflict
from approvals.execution.executor import Executor
from approvals.execution.settling import settle_finished
from approvals.models import ActionRequest, Vote
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.conversations.enums import RunKind
from atlas.conversations.models import Run
from tests.approvals.desk import approve, propose, reject

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 20
DECIDED = ["request.approved", "request.rejected"]


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads that start together; an error is returned in its place."""
    barrier = Barrier(len(calls))

    def one(call):
        barrier.wait()
        try:
            return call()
        except Conflict as conflict:
            return conflict
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.parametrize("rival", [approve, reject])
def test_two_people_decide_at_once(run_of_ann, ann, bob, rival):
    for number in range(ROUNDS):
        request = propose(run_of_ann, call=f"call-{number}")

        answers = at_once(lambda r=request: approve(r, ann), lambda r=request: rival(r, bob))

        winners = [answer for answer in answers if isinstance(answer, ActionRequest)]
        vote = Vote.objects.get(request=request)
        stored = ActionRequest.objects.get(pk=request.pk)
        assert len(winners) == 1
        assert winners[0].state is stored.state
        assert (vote.decision == "approve") is (stored.state is Status.APPROVED)
        assert vote.voter == stored.decided_by
        entries = AuditEntry.objects.filter(subject=f"request {request.pk}", event__in=DECIDED)
        assert entries.count() == 1


def test_twenty_clicks_of_one_person_are_one_decision(run_of_ann, bob):
    request = propose(run_of_ann)

    answers = at_once(*[lambda: approve(request, bob)] * 20)

    assert all(isinstance(answer, ActionRequest) for answer in answers)
    assert Vote.objects.count() == 1
    assert AuditEntry.objects.filter(event__in=DECIDED).count() == 1


def test_the_last_two_decisions_at_once_queue_one_follow_up(run_of_ann, ann, bob):
    for number in range(5):
        first = propose(run_of_ann, call=f"a{number}")
        second = propose(run_of_ann, call=f"b{number}")

        at_once(lambda r=first: reject(r, ann), lambda r=second: reject(r, bob))

        assert Run.objects.filter(kind=RunKind.FOLLOW_UP).count() == 1
    assert settle_finished() == 0


def test_the_same_proposal_at_once_is_one_request(run_of_ann):
    answers = at_once(*[lambda: propose(run_of_ann)] * 5)

    assert len({answer.pk for answer in answers}) == 1
    assert ActionRequest.objects.count() == 1


async def test_two_executors_carry_out_each_request_once(run_of_ann, bob, outside):
    wanted = await in_db(
        lambda: [approve(propose(run_of_ann, call=f"c{n}"), bob).pk for n in range(ROUNDS)]
    )
    executors = [Executor(slots=3), Executor(slots=3)]

    while await in_db(ActionRequest.objects.filter(status=Status.APPROVED).exists):
        await asyncio.gather(*(executor.claim_once() for executor in executors))
        await asyncio.gather(*(executor.idle() for executor in executors))

    assert len(outside.journal) == len(set(outside.keys())) == ROUNDS
    done = await in_db(
        lambda: list(ActionRequest.objects.filter(status="executed").values_list("pk", flat=True))
    )
    assert sorted(done) == sorted(wanted)


def test_equal_proposals_of_two_runs_of_a_question_are_one_request(run_of_ann):
    run = run_of_ann
    again = Run.objects.create(
        conversation=run.conversation,
        question=run.question,
        answer=run.answer,
        asked_by=run.asked_by,
        kind=RunKind.CONTINUATION,
        continues=run,
    )

    made = at_once(lambda: propose(run, call="call-1"), lambda: propose(again, call="call-2"))

    assert len({request.pk for request in made}) == 1
    assert ActionRequest.objects.count() == 1


def test_who_lost_the_run_proposes_nothing(run_of_ann):
    Run.objects.filter(pk=run_of_ann.pk).update(status="running", fence=7, finished_at=None)

    with pytest.raises(Conflict, match="another process"):
        propose(run_of_ann, fence=6)
    assert propose(run_of_ann, fence=7).pk is not None
    Run.objects.filter(pk=run_of_ann.pk).update(status="interrupted", finished_at=Now())
    with pytest.raises(Conflict, match="another process"):
        propose(run_of_ann, call="call-2", title="Other", fence=7)
