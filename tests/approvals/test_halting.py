"""The kill switch stops agents and executions, and lets them go on where they stood."""

import threading

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from approvals import halting, services
from approvals.enums import Status
from approvals.errors import Conflict
from approvals.execution.attempts import carry_out
from approvals.execution.preflight import begin
from approvals.execution.rolling_back import roll_back
from approvals.models import ActionRequest
from atlas.accounts.api_keys import authenticate_bearer, create_key
from atlas.accounts.roles import Role, Scope
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.common.errors import BadInput, NotAllowed
from atlas.conversations import services as conversations
from atlas.conversations.models import Run
from atlas.runner import claims as runs
from plugins_app.host.facets import actions
from tests.approvals.desk import approve, propose
from tests.approvals.executing import claim_now, run_all

pytestmark = pytest.mark.django_db(transaction=True)


def status_of(request):
    return ActionRequest.objects.get(pk=request.pk).status


async def test_approved_requests_wait_for_the_order_to_be_lifted(run_of_ann, bob, ada, outside):
    request = await in_db(approve, await in_db(propose, run_of_ann), bob)
    await in_db(halting.halt, by=ada, reason="Wrong mails go out")

    await run_all()
    assert (await in_db(status_of, request), outside.journal) == (Status.APPROVED, [])

    await in_db(halting.lift, by=ada)
    await run_all()
    assert await in_db(status_of, request) == Status.EXECUTED


def test_what_was_claimed_just_before_is_given_back(run_of_ann, bob, ada):
    request = approve(propose(run_of_ann), bob)
    (claim,) = claim_now()
    halting.halt(by=ada, reason="Stop")

    assert begin(claim, actions.find("note"), True) is None

    assert status_of(request) == Status.APPROVED
    halting.lift(by=ada)
    assert [again.request_id for again in claim_now()] == [request.pk]


@pytest.mark.parametrize(
    ("action", "status"), [("note", Status.UNKNOWN), ("ask", Status.EXECUTING)]
)
async def test_what_was_lost_and_is_never_sent_again_is_unknown_also_meanwhile(
    run_of_ann, bob, ada, outside, action, status
):
    def lost():
        request = approve(propose(run_of_ann, action), bob)
        (claim,) = claim_now()
        begin(claim, actions.find(action), True)
        halting.halt(by=ada, reason="Stop")
        ActionRequest.objects.filter(pk=request.pk).update(lease_until=Now())
        return request

    request = await in_db(lost)

    await run_all()

    assert (await in_db(status_of, request), outside.journal) == (status, [])


def test_an_order_waits_for_what_is_just_being_begun(run_of_ann, bob, ada):
    request = approve(propose(run_of_ann), bob)
    (claim,) = claim_now()
    given = threading.Event()

    def order():
        halting.halt(by=ada, reason="Stop")
        given.set()
        connection.close()

    with transaction.atomic():
        assert begin(claim, actions.find("note"), True) is not None
        thread = threading.Thread(target=order)
        thread.start()
        assert not given.wait(0.3)
    thread.join()

    assert status_of(request) == Status.EXECUTING


async def test_nothing_is_undone_meanwhile(run_of_ann, bob, ada, desk):
    undone = []
    desk(roll_back=lambda result, ctx: undone.append(result), reversible=True)
    request = await in_db(approve, await in_db(propose, run_of_ann), bob)
    await run_all()
    await in_db(roll_back, request.pk, by=bob, payload_hash=request.payload_hash)
    (claim,) = await in_db(claim_now)
    await in_db(halting.halt, by=ada, reason="Stop")

    await carry_out(claim)
    assert (undone, await in_db(status_of, request)) == ([], Status.ROLLING_BACK)

    await in_db(halting.lift, by=ada)
    await run_all()
    assert (len(undone), await in_db(status_of, request)) == (1, Status.ROLLED_BACK)


def test_an_approval_lapses_when_its_time_is_over_meanwhile(run_of_ann, bob, ada):
    request = approve(propose(run_of_ann), bob)
    halting.halt(by=ada, reason="Stop")
    ActionRequest.objects.filter(pk=request.pk).update(run_before=Now())

    services.sweep()

    assert status_of(request) == Status.LAPSED


def test_running_answers_stop_and_queued_ones_wait(ann, ada):
    running = conversations.ask(ann, "First?")
    (claim,) = runs.claim("worker", 5)
    queued = conversations.ask(ann, "Second?")

    halting.halt(by=ada, reason="Stop")

    assert runs.claim("worker", 5) == []
    assert runs.renew([claim]) == {running.pk: True}
    assert not Run.objects.get(pk=queued.pk).stop_requested
    halting.lift(by=ada)
    assert [one.run_id for one in runs.claim("worker", 5)] == [queued.pk]


def test_only_admins_give_orders_and_one_at_a_time(ann, vic, ada, abe):
    _key, text = create_key(ada, name="a lower role", role=Role.ANALYST, scopes=Scope, by=ada)
    for person in (ann, vic, authenticate_bearer(f"Bearer {text}").user):
        with pytest.raises(NotAllowed):
            halting.halt(by=person, reason="Stop")
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(BadInput):
            halting.halt(by=ada, reason=reason)

    halting.halt(by=ada, reason="Stop")
    with pytest.raises(Conflict):
        halting.halt(by=abe, reason="Stop too")
    with pytest.raises(NotAllowed):
        halting.lift(by=ann)
    assert halting.in_force().ordered_by_name == "ada"

    halting.lift(by=abe)
    halting.lift(by=abe)
    assert halting.in_force() is None
    entries = AuditEntry.objects.filter(event__startswith="halt.").order_by("id")
    assert [(one.event, one.actor_name) for one in entries] == [
        ("halt.ordered", "ada"),
        ("halt.lifted", "abe"),
    ]
