"""What runs, how often, and what is written down when something is lost."""

import asyncio
import csv
import io

import pytest
from django.db import connection
from django.db.models.functions import Now
from pydantic import field_validator

from approvals import services
from approvals.enums import Mode, Status
from approvals.execution import claims, endings, preflight
from approvals.execution.executor import Executor
from approvals.execution.waiting import wait_for_outcome
from approvals.models import ActionRequest
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.conversations.models import Participant, Run
from plugins_app.host.errors import PluginUnavailable
from plugins_app.host.facets import actions
from plugins_app.sdk import ActionFailed, Reconciled, Reject
from tests.approvals.desk import TABLE, NoteArguments, approve, propose
from tests.approvals.executing import QUICK, claim_now, run_all
from tests.polling import until_stored

pytestmark = pytest.mark.django_db(transaction=True)


def approved(run, by, action="note", **changes):
    return approve(propose(run, action, **changes), by)


def lose_lease(request):
    """Make the lease of a request end now, as time would."""
    ActionRequest.objects.filter(pk=request.pk).update(lease_until=Now())


def events_of(request):
    entries = AuditEntry.objects.filter(subject=f"request {request.pk}").order_by("id")
    return [entry.event.removeprefix("request.") for entry in entries]


def raising(error):
    def behave():
        raise error

    return behave


async def test_what_was_approved_is_what_runs(run_of_ann, bob, outside):
    request = await in_db(approved, run_of_ann, bob, body="Ten", attachments=(TABLE,))

    await run_all()

    await in_db(request.refresh_from_db)
    assert request.state is Status.EXECUTED
    assert request.result == {"ticket_id": "T-1"}
    assert outside.journal == [("Restock Chai", str(request.idempotency_key))]
    context = outside.contexts[0]
    assert (context.request_id, context.requester_name) == (str(request.pk), "ann")
    rows = list(csv.reader(io.StringIO(context.attachments[0].content.decode())))
    assert rows == [["product", "revenue"], ["Chai", "12"], ["'=Tofu", "7"]]
    assert await in_db(events_of, request) == ["proposed", "approved", "executing", "executed"]
    assert await in_db(Run.objects.filter(follows_up=run_of_ann).count) == 1


async def test_the_intent_is_recorded_before_the_plugin_is_called(run_of_ann, bob, outside):
    request = await in_db(approved, run_of_ann, bob)
    seen = []

    def behave():
        seen.append((ActionRequest.objects.get(pk=request.pk).status, events_of(request)[-1]))
        connection.close()

    outside.behave = behave

    await run_all()

    assert seen == [("executing", "executing")]


@pytest.mark.parametrize(
    ("action", "behave", "status", "code", "attempts"),
    [
        ("note", raising(ActionFailed("No such queue.")), "failed", "action_failed", 1),
        ("note", raising(Reject("Not this one.")), "failed", "action_failed", 1),
        ("note", raising(RuntimeError("half way")), "unknown", "action_unknown", 1),
        ("note", raising(SystemExit()), "unknown", "action_unknown", 1),
        ("ping", raising(ActionFailed("No such queue.")), "failed", "action_failed", 1),
        ("ping", raising(RuntimeError("half way")), "unknown", "action_unknown", 3),
        ("ask", raising(RuntimeError("half way")), "unknown", "action_unknown", 1),
    ],
)
async def test_an_ending_is_said_as_it_is_known(
    run_of_ann, bob, outside, action, behave, status, code, attempts
):
    outside.behave = behave
    request = await in_db(
        propose if action == "ping" else lambda run, name: approved(run, bob, name),
        run_of_ann,
        action,
    )

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.status, request.error_code) == (status, code)
    assert len(outside.journal) == request.attempts == attempts
    assert len(set(outside.keys())) == 1
    assert request.error_text


async def test_an_idempotent_action_is_tried_again_with_the_same_key(run_of_ann, outside):
    request = await in_db(propose, run_of_ann, "ping")
    answers = iter([RuntimeError("reset"), None])

    def behave():
        error = next(answers)
        if error:
            raise error
        return {"ticket_id": "T-2"}

    outside.behave = behave

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.state, request.attempts) == (Status.EXECUTED, 2)
    assert outside.keys() == [str(request.idempotency_key)] * 2


@pytest.mark.parametrize(
    ("action", "knows", "status", "calls"),
    [
        ("note", Reconciled("executed"), "unknown", 0),
        ("ping", Reconciled("unknown"), "executed", 1),
        ("ask", Reconciled("executed", {"ticket_id": "T-9"}), "executed", 0),
        ("ask", Reconciled("failed", {"message": "Never arrived."}), "failed", 0),
        ("ask", Reconciled("unknown"), "unknown", 0),
    ],
)
async def test_a_process_that_died_while_it_ran(
    run_of_ann, bob, outside, action, knows, status, calls
):
    outside.knows = knows

    def die():
        request = propose(run_of_ann, action)
        if request.mode != Mode.AUTO:
            approve(request, bob)
        claim = claim_now()[0]
        assert preflight.begin(claim, actions.find(action), True)
        assert claim_now() == []
        lose_lease(request)
        return request

    request = await in_db(die)

    await run_all()

    await in_db(request.refresh_from_db)
    assert request.status == status
    assert len(outside.journal) == calls
    assert await in_db(claim_now) == []


async def test_a_process_that_died_before_it_began_loses_nothing(run_of_ann, bob, outside):
    request = await in_db(approved, run_of_ann, bob)
    await in_db(claim_now)
    assert await in_db(claim_now) == []
    await in_db(lose_lease, request)

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.state, request.attempts, len(outside.journal)) == (Status.EXECUTED, 1, 1)


def demote(person, **changes):
    type(person).objects.filter(pk=person.pk).update(**changes)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda w: demote(w["bob"], role="viewer"), "decider_not_allowed"),
        (lambda w: demote(w["bob"], is_active=False), "decider_not_allowed"),
        (lambda w: w["bob"].delete(), "decider_not_allowed"),
        (
            lambda w: Participant.objects.filter(user=w["bob"]).delete(),
            "decider_not_allowed",
        ),
        (lambda w: demote(w["ann"], role="viewer"), "requester_not_allowed"),
        (lambda w: demote(w["ann"], is_active=False), "requester_not_allowed"),
        (lambda w: w["desk"](version="2.0.0"), "action_changed"),
        (lambda w: w["desk"](delivery="idempotent"), "action_changed"),
        (lambda w: w["policy"](modes={"note": Mode.ADMIN_ONLY}), "policy_changed"),
        (lambda w: w["desk"](default_approval="admin-only"), "policy_changed"),
        (lambda w: setattr(w["desk"](), "enabled", False), "action_gone"),
        (lambda _: ActionRequest.objects.update(run_before=Now()), "too_late"),
    ],
)
async def test_what_changed_since_the_decision_lets_it_lapse(
    run_of_ann, ann, bob, desk, policy, outside, change, code
):
    request = await in_db(approved, run_of_ann, bob)
    await in_db(change, {"ann": ann, "bob": bob, "desk": desk, "policy": policy})

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.status, request.error_code) == ("lapsed", code)
    assert outside.journal == []
    assert (await in_db(events_of, request))[-1] == "lapsed"


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w["desk"](version="1.9.0"),
        lambda w: w["policy"](modes={"note": Mode.AUTO}),
        lambda w: demote(w["bob"], role="admin", is_staff=True),
    ],
)
async def test_what_does_not_matter_does_not_stop_it(
    run_of_ann, bob, desk, policy, outside, change
):
    request = await in_db(approved, run_of_ann, bob)
    await in_db(change, {"bob": bob, "desk": desk, "policy": policy})

    await run_all()

    await in_db(request.refresh_from_db)
    assert request.state is Status.EXECUTED


def test_an_altered_payload_is_seen(run_of_ann, bob):
    request = approved(run_of_ann, bob)
    request.payload = request.payload.replace("Chai", "Tofu")

    problem = preflight.problem_of(request, actions.find("note"), True)

    assert problem is not None
    assert problem.code == "payload_changed"


async def test_without_its_record_nothing_runs(run_of_ann, bob, outside, monkeypatch):
    request = await in_db(approved, run_of_ann, bob)

    def fail(*_args, **_kwargs):
        raise RuntimeError("the audit log is not writable")

    monkeypatch.setattr("approvals.execution.preflight.trace", fail)

    with pytest.raises(RuntimeError):
        await run_all()

    await in_db(request.refresh_from_db)
    assert (request.state, outside.journal) == (Status.APPROVED, [])


async def test_a_plugin_switched_off_in_the_last_moment_did_nothing(
    run_of_ann, bob, outside, monkeypatch
):
    async def execute(*_args):
        raise PluginUnavailable("The plugin was switched off.")

    monkeypatch.setattr("plugins_app.host.facets.actions.execute", execute)
    request = await in_db(approved, run_of_ann, bob)

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.state, request.error_code) == (Status.FAILED, "plugin_unavailable")


@pytest.mark.parametrize(
    ("attempts", "late", "counts", "status"),
    [
        (1, endings.executed({"ticket_id": "T-3"}), True, "executed"),
        (1, endings.failed("x", "No."), True, "failed"),
        (2, endings.failed("x", "No."), False, "unknown"),
        (2, endings.executed({}), True, "executed"),
        (1, endings.unknown("x", "?"), False, "unknown"),
    ],
)
def test_a_late_answer_counts_while_nobody_knows_better(
    run_of_ann, bob, attempts, late, counts, status
):
    request = approved(run_of_ann, bob)
    frozen = claim_now()[0]
    preflight.begin(frozen, actions.find("note"), True)
    ActionRequest.objects.update(attempts=attempts)
    lose_lease(request)
    endings.finish(claim_now()[0], endings.lost())

    assert endings.finish(frozen, late) is counts

    request.refresh_from_db()
    assert request.status == status


def test_a_lost_lease_cannot_begin(run_of_ann, bob):
    request = approved(run_of_ann, bob)
    frozen = claim_now()[0]
    lose_lease(request)

    assert preflight.begin(frozen, actions.find("note"), True) is None

    other = claim_now()[0]
    assert other.fence == frozen.fence + 1
    assert preflight.begin(frozen, actions.find("note"), True) is None
    assert preflight.begin(other, actions.find("note"), True) is not None


def test_a_withdrawal_beats_a_claim(run_of_ann, ann, bob):
    request = approved(run_of_ann, bob)
    claim = claim_now()[0]
    services.withdraw(request.pk, by=ann)

    assert preflight.begin(claim, actions.find("note"), True) is None


def test_renewing_keeps_own_leases_and_no_others(run_of_ann, bob):
    mine, lost = (approved(run_of_ann, bob, call=call) for call in ("a", "b"))
    first, second = claim_now()
    ActionRequest.objects.filter(pk=lost.pk).update(fence=second.fence + 1)
    ActionRequest.objects.update(lease_until=Now())

    claims.renew([first, second])

    assert [claim.request_id for claim in claim_now()] == [lost.pk]
    assert mine.pk == first.request_id


def test_a_released_claim_is_free_at_once(run_of_ann, bob):
    approved(run_of_ann, bob)
    claim = claim_now()[0]

    claims.release(claim)

    assert claim_now()[0].fence == claim.fence + 1


async def test_the_executor_finds_sweeps_and_settles_by_itself(run_of_ann, bob, outside):
    request = await in_db(approved, run_of_ann, bob)
    late = await in_db(propose, run_of_ann, title="Late")
    await in_db(ActionRequest.objects.filter(pk=late.pk).update, expires_at=Now())
    executor = Executor(pace=QUICK)
    await executor.start()
    try:
        await until_stored(lambda: not ActionRequest.objects.open().exists())
    finally:
        await executor.stop()

    await in_db(request.refresh_from_db)
    await in_db(late.refresh_from_db)
    assert (request.state, late.state) == (Status.EXECUTED, Status.EXPIRED)
    assert len(outside.journal) == 1


async def test_auto_is_told_in_the_same_run(run_of_ann, outside):
    request = await in_db(propose, run_of_ann, "ping")
    executor = Executor(pace=QUICK)
    await executor.start()
    try:
        outcome = await wait_for_outcome(request.pk, 10)
    finally:
        await executor.stop()

    assert (outcome.request_id, outcome.status) == (request.pk, Status.EXECUTED)
    assert outcome.sentence == "Done: Create the ticket “Restock Chai”. Ticket ID: T-1."
    assert await in_db(Run.objects.filter(follows_up=run_of_ann).count) == 0


async def test_what_outlasts_the_wait_is_told_by_the_follow_up(run_of_ann, outside):
    request = await in_db(propose, run_of_ann, "ping")

    outcome = await wait_for_outcome(request.pk, 0.05)
    await run_all()

    assert outcome.status is Status.APPROVED
    assert await in_db(Run.objects.filter(follows_up=run_of_ann).count) == 1


async def test_a_stopped_wait_leaves_the_telling_to_the_follow_up(run_of_ann):
    request = await in_db(propose, run_of_ann, "ping")
    waiting = asyncio.create_task(wait_for_outcome(request.pk, 10))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.wait([waiting])

    await in_db(request.refresh_from_db)
    assert request.awaited is False


async def test_nobody_waits_for_a_person(run_of_ann):
    request = await in_db(propose, run_of_ann, "note")

    outcome = await asyncio.wait_for(wait_for_outcome(request.pk, 600), 60)

    assert outcome.status is Status.PENDING


# The same schema, and a rule that came after the decision; a docstring would be in the schema.
class Stricter(NoteArguments):
    model_config = {"title": "NoteArguments"}

    @field_validator("title")
    @classmethod
    def refuse(cls, title):
        raise ValueError("not any more")


def without_context(desk):
    desk().context = None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda desk: desk(arguments=Stricter), "bad_arguments"),
        (without_context, "action_gone"),
    ],
)
async def test_what_cannot_be_prepared_lapses(run_of_ann, bob, desk, outside, change, code):
    request = await in_db(approved, run_of_ann, bob)
    change(desk)

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.status, request.error_code) == ("lapsed", code)
    assert outside.journal == []


@pytest.mark.parametrize(
    "change",
    [
        lambda desk: setattr(desk(), "enabled", False),
        lambda desk: desk(version="2.0.0"),
        lambda desk: desk(arguments=Stricter),
        without_context,
        lambda _: ActionRequest.objects.update(attempts=preflight.MAX_ATTEMPTS),
    ],
)
async def test_what_cannot_be_tried_again_is_unknown(run_of_ann, desk, outside, change):
    def die():
        request = propose(run_of_ann, "ping")
        preflight.begin(claim_now()[0], actions.find("ping"), True)
        lose_lease(request)
        return request

    request = await in_db(die)
    await in_db(change, desk)

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.status, request.error_code) == ("unknown", "lost")
    assert outside.journal == []


def test_an_ending_that_comes_too_late_counts_for_nothing(run_of_ann, bob):
    request = approved(run_of_ann, bob)
    claim = claim_now()[0]
    preflight.begin(claim, actions.find("note"), True)

    assert endings.finish(claim, endings.executed({"ticket_id": "T-1"})) is True
    assert endings.finish(claim, endings.failed("x", "No.")) is False

    request.refresh_from_db()
    assert (request.state, request.result) == (Status.EXECUTED, {"ticket_id": "T-1"})


def test_secrets_in_an_error_are_masked(run_of_ann, bob):
    request = approved(run_of_ann, bob)
    claim = claim_now()[0]
    preflight.begin(claim, actions.find("note"), True)

    endings.finish(claim, endings.failed("x", "token=abcdef refused\x00" + "x" * 2000))

    request.refresh_from_db()
    assert request.error_text.startswith("token=[hidden] refused\ufffd")
    assert len(request.error_text) == endings.MAX_ERROR
