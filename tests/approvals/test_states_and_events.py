"""Every event on a request in every status: it does what the table says, or nothing at all."""

import contextlib
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now

from approvals import services
from approvals.cards import comments
from approvals.enums import Status
from approvals.errors import Conflict
from approvals.execution import checking, endings, preflight, undoing
from approvals.execution.claims import Claim
from approvals.execution.rolling_back import roll_back
from approvals.filing import changing
from approvals.models import ActionRequest
from approvals.rules.tightening import Rule
from atlas.common.db import in_db
from atlas.common.errors import NotAllowed
from plugins_app.host.facets import actions
from tests.approvals.desk import approve, propose, reject
from tests.approvals.executing import claim_now
from tests.approvals.states import put_at, put_rollback_at

RUNNING = {Status.EXECUTING: Status.EXECUTED, Status.ROLLING_BACK: Status.ROLLED_BACK}
RUNNING_FAILED = {Status.EXECUTING: Status.FAILED, Status.ROLLING_BACK: Status.ROLLBACK_FAILED}
RUNNING_LOST = {Status.EXECUTING: Status.UNKNOWN, Status.ROLLING_BACK: Status.ROLLBACK_UNKNOWN}


def too_late(request, _people):
    past = Now() - timedelta(seconds=1)
    ActionRequest.objects.filter(pk=request.pk).update(expires_at=past, run_before=past)
    services.sweep()


def held(request):
    """The claim of a process that has carried it out, or is about to."""
    is_rollback = "roll" in request.status
    ActionRequest.objects.filter(pk=request.pk).update(lease_until=Now() + timedelta(minutes=1))
    return Claim(request.pk, request.fence, "note", is_resumed=False, is_rollback=is_rollback)


def ended(ending):
    def finish(request, _people):
        claim = held(request)
        endings.finish(claim, ending.of_rollback() if claim.is_rollback else ending)

    return finish


def begun(request, _people):
    run_before = Now() + timedelta(minutes=1)
    ActionRequest.objects.filter(pk=request.pk).update(run_before=run_before)
    action = actions.find("note")
    mine = [claim for claim in claim_now() if claim.request_id == request.pk]
    for claim in mine:
        preflight.begin(claim, action, arguments_fit=True)
        preflight.begin_again(claim, action)


def marked(happened):
    def mark(request, people):
        checking.mark(request.pk, by=people["bob"], happened=happened, note="I looked")

    return mark


def undone(request, people):
    roll_back(request.pk, by=people["bob"], payload_hash=request.payload_hash)


def said(request, people):
    comments.comment(request.pk, by=people["bob"], text="Hm")


def given_up(request, _people):
    preflight.give_up(held(request), preflight.gone())


def allowed(request, _people):
    run_before = Now() + timedelta(minutes=1)
    ActionRequest.objects.filter(pk=request.pk).update(run_before=run_before)
    for claim in claim_now():
        if claim.request_id == request.pk:
            undoing.begin_approved(claim)


def of_undone(ending):
    def finish(request, _people):
        if request.state not in {Status.EXECUTING, Status.UNKNOWN}:
            raise Conflict("nothing is being undone")
        endings.finish(held(request.undoes), ending.of_rollback())

    return finish


# Where an event moves a request; everywhere else the request stays where it is.
EVENTS = {
    "approve": (lambda r, p: approve(r, p["bob"]), {Status.PENDING: Status.APPROVED}),
    "reject": (lambda r, p: reject(r, p["bob"]), {Status.PENDING: Status.REJECTED}),
    "withdraw": (
        lambda r, p: services.withdraw(r.pk, by=p["ann"]),
        {Status.PENDING: Status.WITHDRAWN, Status.APPROVED: Status.WITHDRAWN},
    ),
    "comment": (said, {}),
    "time is over": (
        too_late,
        {Status.PENDING: Status.EXPIRED, Status.APPROVED: Status.LAPSED},
    ),
    "claimed and begun": (begun, {Status.APPROVED: Status.EXECUTING}),
    "given up": (given_up, {Status.APPROVED: Status.LAPSED}),
    "carried out": (
        ended(endings.executed({})),
        {**RUNNING, Status.UNKNOWN: Status.EXECUTED, Status.ROLLBACK_UNKNOWN: Status.ROLLED_BACK},
    ),
    "refused": (ended(endings.failed("x", "No.")), RUNNING_FAILED),
    "lost": (ended(endings.lost()), RUNNING_LOST),
    "it happened": (
        marked(True),
        {Status.UNKNOWN: Status.EXECUTED, Status.ROLLBACK_UNKNOWN: Status.ROLLED_BACK},
    ),
    "it did not happen": (
        marked(False),
        {Status.UNKNOWN: Status.FAILED, Status.ROLLBACK_UNKNOWN: Status.ROLLBACK_FAILED},
    ),
    "roll back": (undone, {Status.EXECUTED: Status.ROLLING_BACK}),
}


# The same of a request to undo another one, which ann has to approve because bob asked for it.
OF_ROLLBACKS = {
    "approve": (lambda r, p: approve(r, p["ann"]), {Status.PENDING: Status.APPROVED}),
    "reject": (lambda r, p: reject(r, p["ann"]), {Status.PENDING: Status.REJECTED}),
    "withdraw": (
        lambda r, p: services.withdraw(r.pk, by=p["bob"]),
        {Status.PENDING: Status.WITHDRAWN, Status.APPROVED: Status.WITHDRAWN},
    ),
    "comment": (said, {}),
    "time is over": (
        too_late,
        {Status.PENDING: Status.EXPIRED, Status.APPROVED: Status.LAPSED},
    ),
    "claimed and begun": (allowed, {Status.APPROVED: Status.EXECUTING}),
    "given up": (given_up, {Status.APPROVED: Status.LAPSED}),
    "undone": (
        of_undone(endings.executed({})),
        {Status.EXECUTING: Status.EXECUTED, Status.UNKNOWN: Status.EXECUTED},
    ),
    "not undone": (of_undone(endings.failed("x", "No.")), {Status.EXECUTING: Status.FAILED}),
    "lost": (of_undone(endings.lost()), {Status.EXECUTING: Status.UNKNOWN}),
    "it happened": (
        lambda r, p: marked(True)(r.undoes, p),
        {Status.UNKNOWN: Status.EXECUTED},
    ),
    "it did not happen": (
        lambda r, p: marked(False)(r.undoes, p),
        {Status.UNKNOWN: Status.FAILED},
    ),
    "roll back": (undone, {}),
}
AT_LAST = {
    Status.SUPERSEDED,
    Status.ROLLING_BACK,
    Status.ROLLED_BACK,
    Status.ROLLBACK_FAILED,
    Status.ROLLBACK_UNKNOWN,
}


class Undone(Exception):
    """Takes back what an event did."""


@pytest.fixture
def people(ann, bob):
    return {"ann": ann, "bob": bob}


@pytest.mark.django_db
@pytest.mark.parametrize("before", Status)
def test_every_event_does_what_the_table_says(run_of_ann, bob, desk, people, before):
    desk(roll_back=lambda _result, _ctx: {}, reversible=True)
    request = put_at(propose(run_of_ann), before)
    # A vote of bob's, as approving leaves it; without it what he approved may not run.
    if before is Status.APPROVED:
        request.votes.create(version=1, voter=bob, voter_name="bob", decision="approve")

    found = after_each(EVENTS, request, people)

    assert found == {name: moves.get(before, before) for name, (_event, moves) in EVENTS.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("before", sorted(set(Status) - AT_LAST))
def test_every_event_on_a_request_to_undo_does_what_its_table_says(
    run_of_ann, ann, bob, desk, people, policy, before
):
    desk(roll_back=lambda _result, _ctx: {}, reversible=True)
    policy(rollbacks=(Rule("Another looks", two_person=True),))
    done = put_at(propose(run_of_ann), Status.EXECUTED)
    undone(done, people)
    asked = ActionRequest.objects.get(undoes=done.pk)
    if before is Status.APPROVED:
        asked.votes.create(version=1, voter=ann, voter_name="ann", decision="approve")
    put_rollback_at(asked, done, before)

    found = after_each(OF_ROLLBACKS, asked, people)

    table = OF_ROLLBACKS.items()
    assert found == {name: moves.get(before, before) for name, (_event, moves) in table}


def after_each(events, request, people):
    """Where each event moves the request from where it stands, every one by itself."""
    found = {}
    for name, (event, _moves) in events.items():
        try:
            with transaction.atomic():
                with contextlib.suppress(Conflict, NotAllowed):
                    event(ActionRequest.objects.get(pk=request.pk), people)
                found[name] = ActionRequest.objects.get(pk=request.pk).state
                raise Undone
        except Undone:
            continue
    return found


@pytest.mark.django_db(transaction=True)
async def test_only_what_waits_can_be_changed(run_of_ann, bob):
    requests = await in_db(
        lambda: {
            status: put_at(propose(run_of_ann, call=f"call-{status}"), status)
            for status in set(Status) - {Status.PENDING}
        }
    )
    for status, request in requests.items():
        with pytest.raises(Conflict):
            await changing.approve_with_changes(
                request.pk,
                by=bob,
                payload_hash=request.payload_hash,
                arguments={"title": "Other"},
            )
        await in_db(request.refresh_from_db)
        assert request.state is status
    assert await in_db(ActionRequest.objects.count) == len(requests)
