"""What a repeated, broken off or held up try may say: not that nothing was done when it may be."""

import threading

import pytest
from django.db.models.functions import Now

from approvals.enums import Status
from approvals.execution import claims, preflight
from approvals.execution.attempts import Pace, carry_out
from approvals.execution.executor import Executor
from approvals.execution.rolling_back import roll_back
from approvals.models import ActionRequest
from atlas.common.db import in_db
from plugins_app.host.facets import actions
from plugins_app.sdk import ActionFailed
from tests.approvals.desk import approve, propose
from tests.approvals.executing import claim_now, run_all
from tests.polling import until_stored

pytestmark = pytest.mark.django_db(transaction=True)

HALF_WAY, REFUSED = RuntimeError("connection reset"), ActionFailed("It cannot be reached.")


def answering(*answers):
    """A plugin that raises or returns one after the other."""
    left = list(answers)

    def behave(*_args):
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return behave


def lose_lease(request):
    ActionRequest.objects.filter(pk=request.pk).update(lease_until=Now())


async def fresh(request):
    await in_db(request.refresh_from_db)
    return request


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ((HALF_WAY, REFUSED, REFUSED), "unknown"),
        ((HALF_WAY, REFUSED, {"ticket_id": "T-2"}), "executed"),
        ((REFUSED,), "failed"),
    ],
)
async def test_a_refusal_does_not_speak_for_an_earlier_try(run_of_ann, outside, answers, status):
    outside.behave = answering(*answers)
    request = await in_db(propose, run_of_ann, "ping")

    await run_all()

    await fresh(request)
    assert (request.status, len(outside.journal)) == (status, len(answers))
    assert ("An earlier try may have been done" in request.error_text) is (status == "unknown")


async def test_a_refusal_does_not_speak_for_a_lost_process(run_of_ann, outside):
    def die():
        request = propose(run_of_ann, "ping")
        preflight.begin(claim_now()[0], actions.find("ping"), True)
        lose_lease(request)
        return request

    request = await in_db(die)
    outside.behave = answering(REFUSED, REFUSED)

    await run_all()

    assert (await fresh(request)).state is Status.UNKNOWN


async def test_who_was_held_up_before_the_call_does_not_call(run_of_ann, bob, outside):
    request = await in_db(lambda: approve(propose(run_of_ann), bob))
    (claim,) = await in_db(claim_now)

    await carry_out(claim, Pace(held_up_s=-1.0))

    await fresh(request)
    assert (request.status, request.error_code, outside.journal) == ("failed", "held_up", [])


class Undo:
    """The way back: counts its calls, and ends when the gate is open."""

    def __init__(self):
        self.calls = 0
        self.gate = threading.Event()
        self.behave = dict

    def __call__(self, _result, _ctx):
        self.calls += 1
        self.gate.wait(60)
        return self.behave()


@pytest.fixture
def undo(desk):
    made = Undo()
    desk(roll_back=made, reversible=True)
    yield made
    made.gate.set()


@pytest.fixture
def executed(run_of_ann, bob, undo):
    async def make(action):
        def decide():
            request = propose(run_of_ann, action)
            return request if action == "ping" else approve(request, bob)

        request = await in_db(decide)
        await run_all()
        await in_db(roll_back, request.pk, by=bob, payload_hash=request.payload_hash)
        return request

    return make


async def test_a_way_back_that_is_broken_off_by_a_stop_is_not_taken_twice(executed, undo):
    request = await executed("note")
    executor = Executor(pace=Pace(poll_s=0.01))
    await executor.start()
    await until_stored(lambda: undo.calls == 1)

    await executor.stop(grace_s=0.01)
    await run_all()
    assert (undo.calls, (await fresh(request)).state) == (1, Status.ROLLING_BACK)

    await in_db(lose_lease, request)
    await run_all()
    assert (undo.calls, (await fresh(request)).state) == (1, Status.ROLLBACK_UNKNOWN)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda _desk, undo: setattr(undo, "behave", answering(REFUSED)), "action_failed"),
        (lambda desk, _undo: setattr(desk(), "enabled", False), "action_gone"),
        (lambda desk, undo: desk(roll_back=undo, version="2.0.0"), "action_changed"),
    ],
)
async def test_a_second_way_back_does_not_speak_for_the_first(executed, undo, desk, change, code):
    request = await executed("ping")
    await in_db(claims.claim, "lost", slots=1)
    await in_db(lose_lease, request)
    undo.gate.set()
    change(desk, undo)

    await run_all()

    await fresh(request)
    assert (request.state, request.error_code) == (Status.ROLLBACK_UNKNOWN, code)
