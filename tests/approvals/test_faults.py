"""Bad input and faults between proposal and outcome: nothing runs twice, nothing is guessed."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from approvals import services
from approvals.enums import Status
from approvals.errors import Conflict
from approvals.execution import attempts, preflight
from approvals.execution.attempts import Pace
from approvals.execution.executor import Executor
from approvals.filing.changing import approve_with_changes
from approvals.filing.payloads import digest_of
from approvals.filing.proposals import Proposal
from approvals.filing.proposing import propose as propose_by_agent
from approvals.models import ActionRequest, Vote
from atlas.common.db import in_db
from atlas.common.errors import BadInput
from plugins_app.host.facets import actions
from plugins_app.sdk import OutcomeUnknown
from tests.approvals.desk import WHY, approve, propose
from tests.approvals.executing import claim_now, run_all
from tests.polling import until, until_stored

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "ä" * 450_000 + "\u202eend"


def approved(run, by, action="note", **changes):
    return approve(propose(run, action, **changes), by)


async def fresh(request):
    return await in_db(ActionRequest.objects.get, pk=request.pk)


@pytest.fixture(params=[timedelta(hours=-1), timedelta(hours=1)], ids=["behind", "ahead"])
def wrong_clock(request, monkeypatch):
    """This process's clock is an hour off; the database's is not."""
    real_time, seconds = time.time, request.param.total_seconds()
    monkeypatch.setattr(time, "time", lambda: real_time() + seconds)
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + request.param)


@pytest.mark.usefixtures("wrong_clock")
def test_a_wrong_clock_neither_expires_nor_prolongs(run_of_ann, bob):
    in_time = propose(run_of_ann, call="in time")
    late = propose(run_of_ann, call="late")
    ActionRequest.objects.filter(pk=in_time.pk).update(expires_at=Now() + timedelta(minutes=5))
    ActionRequest.objects.filter(pk=late.pk).update(expires_at=Now() - timedelta(minutes=5))

    assert approve(in_time, bob).state is Status.APPROVED
    with pytest.raises(Conflict, match="time to decide is over"):
        approve(late, bob)
    assert services.sweep() == 1
    assert ActionRequest.objects.get(pk=late.pk).state is Status.EXPIRED


@pytest.mark.usefixtures("wrong_clock")
async def test_a_wrong_clock_neither_runs_too_late_nor_lapses_too_soon(run_of_ann, bob, outside):
    in_time = await in_db(approved, run_of_ann, bob, call="in time")
    late = await in_db(approved, run_of_ann, bob, call="late")
    soon, past = Now() + timedelta(minutes=5), Now() - timedelta(minutes=5)
    await in_db(ActionRequest.objects.filter(pk=in_time.pk).update, run_before=soon)
    await in_db(ActionRequest.objects.filter(pk=late.pk).update, run_before=past)

    await run_all()

    assert (await fresh(in_time)).state is Status.EXECUTED
    assert (await fresh(late)).error_code == "too_late"
    assert outside.keys() == [str(in_time.idempotency_key)]


@pytest.mark.usefixtures("wrong_clock")
def test_a_wrong_clock_takes_no_lease_of_another(run_of_ann, bob):
    approved(run_of_ann, bob)

    assert len(claim_now()) == 1
    assert claim_now() == []


async def test_the_hash_of_an_older_version_decides_nothing(run_of_ann, bob):
    old = await in_db(propose, run_of_ann)
    new = await in_db(lambda: _changed(old, bob))

    for pk in (old.pk, new.pk):
        with pytest.raises(Conflict):
            await in_db(services.reject, pk, by=bob, payload_hash=old.payload_hash, reason="No")
    assert (await fresh(new)).state is Status.APPROVED


def _changed(old, by):
    arguments = {"title": "Restock Tofu"}
    return asyncio.run(
        approve_with_changes(old.pk, by=by, payload_hash=old.payload_hash, arguments=arguments)
    )


async def test_arguments_of_almost_a_megabyte_are_shown_whole_and_run_as_approved(
    run_of_ann, bob, outside
):
    request = await in_db(propose, run_of_ann, body=LONG)
    client = Client()
    await in_db(client.force_login, bob)
    page = await in_db(client.get, f"/approvals/{request.pk}/")
    assert (page.status_code, request.arguments["body"]) == (200, LONG)
    assert page.content.decode().count("ä") >= 450_000

    await in_db(approve, request, bob)
    await run_all()

    request = await fresh(request)
    assert (request.state, len(outside.journal)) == (Status.EXECUTED, 1)
    assert digest_of(request.payload) == request.payload_hash


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"title": "Chai", "body": "x" * 1_000_001}, "payload_too_large"),
        ({"title": "x" * 1_000_001}, "bad_arguments"),
        ({"title": ""}, "bad_arguments"),
        ({"title": None}, "bad_arguments"),
        ({"title": "Chai", "priority": "yesterday"}, "bad_arguments"),
        ({}, "bad_arguments"),
    ],
)
async def test_arguments_that_do_not_fit_are_not_even_filed(run_of_ann, arguments, code):
    proposal = Proposal("note", arguments, run_of_ann.pk, "call", why=WHY)

    with pytest.raises(BadInput) as refused:
        await propose_by_agent(proposal)

    assert refused.value.code == code
    assert len(refused.value.user_message) < 300
    assert await in_db(ActionRequest.objects.count) == 0


def hanging(gate):
    return lambda: gate.wait(10) or {}


async def sleeping_for_ever():
    await asyncio.sleep(60)


@pytest.mark.parametrize("kind", ["a thread that waits", "a coroutine that waits"])
async def test_an_action_that_hangs_is_unknown_and_its_late_answer_changes_nothing(
    run_of_ann, bob, desk, outside, kind
):
    gate = threading.Event()
    outside.behave = hanging(gate) if "thread" in kind else sleeping_for_ever
    desk(timeout_s=0.05)
    request = await in_db(approved, run_of_ann, bob)

    await run_all()

    request = await fresh(request)
    assert (request.state, request.error_code) == (Status.UNKNOWN, "action_unknown")
    # Its thread may begin after the time is up.
    await until(lambda: outside.journal)
    gate.set()
    await run_all()
    assert (await fresh(request)).state is Status.UNKNOWN
    assert len(outside.journal) == 1


async def test_an_action_that_did_half_says_so(run_of_ann, bob, outside):
    def half():
        raise OutcomeUnknown("Two of three mails went out.")

    outside.behave = half
    request = await in_db(approved, run_of_ann, bob)

    await run_all()

    request = await fresh(request)
    assert (request.state, len(outside.journal)) == (Status.UNKNOWN, 1)
    assert "Two of three mails went out." in request.error_text


def test_a_decision_without_its_record_is_none(run_of_ann, bob, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("the audit log is not writable")

    request = propose(run_of_ann)
    monkeypatch.setattr("approvals.deciding.ballots.trace", fail)
    monkeypatch.setattr("approvals.services.trace", fail)

    for decide in (
        lambda: approve(request, bob),
        lambda: services.reject(request.pk, by=bob, payload_hash=request.payload_hash, reason="No"),
    ):
        with pytest.raises(RuntimeError):
            decide()

    assert ActionRequest.objects.get(pk=request.pk).state is Status.PENDING
    assert Vote.objects.count() == 0


async def test_an_outcome_without_its_record_is_unknown_and_not_done_again(
    run_of_ann, bob, outside, monkeypatch
):
    def fail(*_args, **_kwargs):
        raise RuntimeError("the audit log is not writable")

    request = await in_db(approved, run_of_ann, bob)
    with monkeypatch.context() as patch:
        patch.setattr("approvals.execution.endings.trace", fail)
        with pytest.raises(RuntimeError):
            await run_all()
    assert (await fresh(request)).state is Status.EXECUTING

    await in_db(ActionRequest.objects.filter(pk=request.pk).update, lease_until=Now())
    await run_all()

    assert ((await fresh(request)).state, len(outside.journal)) == (Status.UNKNOWN, 1)


async def test_what_was_not_begun_at_a_stop_is_free_for_the_next_at_once(
    run_of_ann, bob, outside, monkeypatch
):
    request = await in_db(approved, run_of_ann, bob)
    reached = asyncio.Event()

    async def never(*_args):
        reached.set()
        await asyncio.sleep(60)

    with monkeypatch.context() as patch:
        patch.setattr(attempts, "prepared", never)
        executor = Executor(pace=Pace(poll_s=0.01))
        await executor.start()
        await until(reached.is_set)
        await executor.stop(grace_s=0.01)
    assert (await fresh(request)).state is Status.APPROVED

    await run_all()

    assert ((await fresh(request)).state, len(outside.journal)) == (Status.EXECUTED, 1)


async def test_a_stop_while_the_intent_is_written_sends_nothing_twice(
    run_of_ann, bob, outside, monkeypatch
):
    request = await in_db(approved, run_of_ann, bob)
    reached, gate, begin = threading.Event(), threading.Event(), preflight.begin

    def slow(*args):
        reached.set()
        gate.wait(60)
        return begin(*args)

    with monkeypatch.context() as patch:
        patch.setattr(preflight, "begin", slow)
        executor = Executor(pace=Pace(poll_s=0.01))
        await executor.start()
        await until(reached.is_set)
        await executor.stop(grace_s=0.01)
        gate.set()
        await until_stored(lambda: ActionRequest.objects.filter(lease_until=None).exists())

    await run_all()

    assert ((await fresh(request)).state, len(outside.journal)) == (Status.EXECUTED, 1)


async def test_an_upgrade_between_click_and_run_lets_it_lapse_and_the_next_is_fine(
    run_of_ann, bob, desk, outside
):
    old = await in_db(approved, run_of_ann, bob)
    desk(version="2.0.0")
    await run_all()
    again = await in_db(approved, run_of_ann, bob, call="again", title="Restock Chai now")

    await run_all()

    assert ((await fresh(old)).state, (await fresh(again)).state) == (
        Status.LAPSED,
        Status.EXECUTED,
    )
    assert outside.keys() == [str(again.idempotency_key)]
    assert actions.find("note").fingerprint == again.fingerprint != old.fingerprint
