"""The executor as a part of a process: slots, wake-ups, faults around it, and its end."""

import asyncio
import threading

import pytest
from django.db import OperationalError
from django.db.models.functions import Now

from approvals import services, trail
from approvals.enums import Status
from approvals.execution import claims, endings
from approvals.execution.attempts import Pace
from approvals.execution.executor import Executor
from approvals.models import ActionRequest
from atlas.bus import hub
from atlas.bus.hub import Hub
from atlas.common.db import in_db
from plugins_app.host import registry
from tests.approvals.desk import approve, propose
from tests.polling import until, until_stored

pytestmark = pytest.mark.django_db(transaction=True)

SLOW = Pace(poll_s=60, sweep_s=60)
QUICK = Pace(poll_s=0.01, sweep_s=0.01, renew_s=0.01, retry_s=0.0)


def approved(run, by, count=1):
    return [approve(propose(run, call=f"call-{n}"), by) for n in range(count)]


def count_at(status):
    return ActionRequest.objects.filter(status=status).count()


def let_leases_end():
    ActionRequest.objects.update(lease_until=Now())


@pytest.fixture
async def executor():
    """Start an executor with a pace; it is stopped after the test."""
    started = []

    async def start(pace=QUICK, **options):
        started.append(Executor(pace=pace, **options))
        await started[-1].start()
        return started[-1]

    yield start
    for one in started:
        await one.stop(grace_s=1)


@pytest.fixture
def gate(outside):
    """Holds every call of the plugin until it is opened."""
    opened = threading.Event()

    def behave():
        opened.wait(60)
        return {"ticket_id": "T-1"}

    outside.behave = behave
    yield opened
    opened.set()


async def test_never_more_than_its_slots_at_once(run_of_ann, bob, executor, gate, outside):
    await in_db(approved, run_of_ann, bob, 5)
    one = await executor(slots=2)

    await until_stored(lambda: count_at("executing") == 2)
    assert await one.claim_once() == 0
    assert await in_db(count_at, "approved") == 3
    gate.set()
    await until_stored(lambda: count_at("executed") == 5)

    assert len(set(outside.keys())) == len(outside.journal) == 5


async def test_a_decision_wakes_it_before_the_poll(run_of_ann, bob, executor):
    bus = Hub()
    await bus.start()
    hub.install(bus)
    try:
        await executor(SLOW)
        await asyncio.sleep(0)
        await in_db(approved, run_of_ann, bob)
        await until_stored(lambda: count_at("executed") == 1)
    finally:
        hub.install(None)
        await bus.stop()


async def test_a_long_call_keeps_its_lease(run_of_ann, bob, executor, gate):
    request = (await in_db(approved, run_of_ann, bob))[0]
    await executor(Pace(poll_s=0.01, sweep_s=60, lease_s=60, renew_s=0.02))
    await until_stored(lambda: count_at("executing") == 1)

    for _ in range(3):
        await in_db(request.refresh_from_db)
        later = ActionRequest.objects.filter(lease_until__gt=request.lease_until)
        await until_stored(later.exists)
        assert await in_db(claims.claim, "other", slots=1) == []
    gate.set()

    await until_stored(lambda: count_at("executed") == 1)


async def test_stopping_waits_for_what_runs(run_of_ann, bob, executor, gate):
    await in_db(approved, run_of_ann, bob)
    one = await executor()
    await until_stored(lambda: count_at("executing") == 1)

    stopping = asyncio.create_task(one.stop(grace_s=5))
    await asyncio.sleep(0.02)
    gate.set()
    await stopping

    assert await in_db(count_at, "executed") == 1


async def test_what_outlasts_the_stop_is_shown_as_unknown(run_of_ann, bob, executor, gate):
    request = (await in_db(approved, run_of_ann, bob))[0]
    one = await executor(Pace(poll_s=0.01, sweep_s=60))
    await until_stored(lambda: count_at("executing") == 1)

    await one.stop(grace_s=0.01)
    await in_db(let_leases_end)
    await executor(QUICK)
    await until_stored(lambda: count_at("unknown") == 1)

    await in_db(request.refresh_from_db)
    assert request.error_text == "The server stopped while it was being done."


async def test_what_runs_on_a_loop_that_is_given_up_is_recorded_as_unknown(
    run_of_ann, bob, desk, executor, gate
):
    await in_db(approved, run_of_ann, bob)
    # Nothing of this could be found by a sweep: the record is the executor's own.
    await executor(Pace(poll_s=0.01, sweep_s=60, lease_s=60))
    await until_stored(lambda: count_at("executing") == 1)
    thread = registry.current().get("desk").thread

    thread.abandon(thread.running)

    await until_stored(lambda: count_at("unknown") == 1)


async def test_a_process_without_plugins_leaves_the_work_to_others(run_of_ann, bob, executor):
    await in_db(approved, run_of_ann, bob)
    entries = registry.current()
    registry.set_current(None)
    one = await executor()

    assert await one.claim_once() == 0
    registry.set_current(entries)

    await until_stored(lambda: count_at("executed") == 1)


async def test_a_fault_in_one_round_does_not_end_the_loops(
    run_of_ann, bob, executor, monkeypatch, caplog
):
    real_sweep, real_claim = services.sweep, claims.claim
    faults = {"sweep": [RuntimeError("a bug")], "claim": [OperationalError("gone")]}

    def failing(name, real):
        def attempt(*args, **kwargs):
            if faults[name]:
                raise faults[name].pop()
            return real(*args, **kwargs)

        return attempt

    monkeypatch.setattr(services, "sweep", failing("sweep", real_sweep))
    monkeypatch.setattr(claims, "claim", failing("claim", real_claim))
    await in_db(approved, run_of_ann, bob)

    await executor()

    await until_stored(lambda: count_at("executed") == 1)
    await until_stored(lambda: not faults["sweep"])
    assert faults == {"sweep": [], "claim": []}


@pytest.mark.parametrize("fault", [OperationalError("gone"), RuntimeError("a bug")])
async def test_a_request_that_could_not_begin_is_taken_up_again(
    run_of_ann, bob, executor, monkeypatch, outside, fault
):
    faults = [fault]
    trace = trail.trace

    def failing(*args, **kwargs):
        if faults:
            raise faults.pop()
        return trace(*args, **kwargs)

    monkeypatch.setattr("approvals.execution.preflight.trace", failing)
    await in_db(approved, run_of_ann, bob)

    await executor(Pace(poll_s=0.01, sweep_s=60, renew_s=60))
    await until(lambda: not faults)
    await in_db(let_leases_end)

    await until_stored(lambda: count_at("executed") == 1)
    assert len(outside.journal) == 1


async def test_the_outcome_is_written_when_postgres_comes_back(
    run_of_ann, bob, executor, monkeypatch, outside
):
    faults = [OperationalError("gone"), OperationalError("gone")]
    finish = endings.finish

    def failing(*args, **kwargs):
        if faults:
            raise faults.pop()
        return finish(*args, **kwargs)

    monkeypatch.setattr("approvals.execution.endings.finish", failing)
    await in_db(approved, run_of_ann, bob)

    await executor()

    await until_stored(lambda: count_at("executed") == 1)
    assert (len(outside.journal), faults) == (1, [])


async def test_an_outcome_that_cannot_be_written_is_given_up_in_time(
    run_of_ann, bob, executor, monkeypatch, outside
):
    now = [0.0]

    def failing(*_args, **_kwargs):
        now[0] += SLOW.lease_s
        raise OperationalError("gone")

    request = (await in_db(approved, run_of_ann, bob))[0]
    with monkeypatch.context() as patch:
        patch.setattr("approvals.execution.endings.finish", failing)
        patch.setattr("approvals.execution.attempts._now", lambda: now[0])
        one = await executor(Pace(poll_s=60, sweep_s=60, retry_s=0.01))
        await until_stored(lambda: count_at("executing") == 1)
        await asyncio.wait_for(one.idle(), 60)

    await in_db(let_leases_end)
    await executor()
    await until_stored(lambda: count_at("unknown") == 1)

    assert len(outside.journal) == 1
    await in_db(request.refresh_from_db)
    assert request.state is Status.UNKNOWN
