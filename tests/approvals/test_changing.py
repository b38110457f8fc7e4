"""Approving with other arguments: a new version, its votes, and what everybody is told."""

import asyncio

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from approvals import services
from approvals.cards.sentences import closing_sentence
from approvals.enums import Mode, Status
from approvals.errors import Conflict
from approvals.filing.changing import approve_with_changes
from approvals.models import ActionRequest
from approvals.rules.groups import Group, Step
from approvals.rules.tightening import Condition, Operator, Rule
from atlas.accounts.roles import Role
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.common.errors import BadInput, NotAllowed, NotFound
from atlas.conversations.models import Participant, Run
from plugins_app.host import registry
from plugins_app.sdk import Preview
from tests.approvals.desk import TABLE, approve, propose, reject
from tests.approvals.executing import run_all

pytestmark = pytest.mark.django_db(transaction=True)

URGENT = {"title": "Restock Chai", "body": "Now", "priority": "high"}


async def change(request, by, arguments=URGENT, payload_hash=None):
    return await approve_with_changes(
        request.pk, by=by, payload_hash=payload_hash or request.payload_hash, arguments=arguments
    )


def read(request):
    return ActionRequest.objects.get(pk=request.pk)


async def test_what_was_changed_is_what_runs(run_of_ann, bob, outside):
    old = await in_db(propose, run_of_ann, attachments=(TABLE,))

    new = await change(old, bob)
    await run_all()

    old, new = await in_db(read, old), await in_db(read, new)
    assert (old.status, new.status) == (Status.SUPERSEDED, Status.EXECUTED)
    assert (new.version, new.supersedes_id, new.arguments) == (2, old.pk, URGENT)
    assert new.attachments == old.attachments
    assert new.idempotency_key != old.idempotency_key
    assert outside.keys() == [str(new.idempotency_key)]
    assert new.changes == [
        {"label": "Body", "before": "not given", "after": "Now"},
        {"label": "Priority", "before": "not given", "after": "high"},
    ]


async def test_agent_and_asker_are_told_what_is_different(run_of_ann, bob):
    await change(await in_db(propose, run_of_ann), bob)
    await run_all()

    (outcome,) = await in_db(services.outcomes_of_run, run_of_ann.pk)

    assert outcome.sentence == (
        "Done: Create the ticket “Restock Chai”. Ticket ID: T-1. bob changed it first: "
        "Body from “not given” to “Now”; Priority from “not given” to “high”."
    )


async def test_the_run_is_followed_up_once_and_not_before_the_end(run_of_ann, bob):
    def follow_ups():
        return Run.objects.filter(follows_up=run_of_ann).count()

    await change(await in_db(propose, run_of_ann), bob)
    assert await in_db(follow_ups) == 0

    await run_all()
    assert await in_db(follow_ups) == 1


async def test_votes_on_the_old_version_do_not_count(run_of_ann, policy, ann, bob, outside):
    policy(rules=(Rule("two people", approvals=2),))
    old = await in_db(propose, run_of_ann)
    await in_db(approve, old, ann)

    new = await change(old, bob)

    assert new.status == Status.PENDING
    assert (await in_db(approve, new, ann)).status == Status.APPROVED


async def test_a_change_cannot_slip_below_a_stricter_rule(run_of_ann, policy, bob, outside):
    urgent = Condition("priority", Operator.IS, "high")
    policy(rules=(Rule("urgent", conditions=(urgent,), mode=Mode.ADMIN_ONLY),))
    old = await in_db(propose, run_of_ann)
    assert old.mode == Mode.MANUAL

    new = await change(old, bob)

    assert (new.mode, new.status) == (Mode.ADMIN_ONLY, Status.PENDING)
    await run_all()
    assert outside.journal == []


DESK = Group("Desk", people=("bob", "eve"))


@pytest.mark.parametrize("steps", [(), (Step("Desk"),)])
async def test_where_nobody_decides_alone_who_changed_it_does_not_either(
    run_of_ann, policy, ann, bob, outside, django_user_model, steps
):
    eve = await in_db(django_user_model.objects.create_user, "eve", role=Role.ANALYST)
    await in_db(Participant.objects.create, conversation=run_of_ann.conversation, user=eve)
    policy(rules=(Rule("Two look", two_person=True, steps=steps),), groups=(DESK,))
    old = await in_db(propose, run_of_ann)

    new = await change(old, bob)
    await run_all()

    assert (new.status, outside.journal) == (Status.PENDING, [])
    for person in (ann, bob):
        with pytest.raises(NotAllowed):
            await change(new, person, {"title": "Other"})
    with pytest.raises(NotAllowed):
        await in_db(approve, new, ann)
    await in_db(approve, new, eve)
    await run_all()
    assert (await in_db(read, new)).status == Status.EXECUTED


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"title": "Restock Chai"}, BadInput, "Nothing is different"),
        ({"title": ""}, BadInput, "title"),
        ({"title": "x" * 201}, BadInput, "title"),
        ({"body": "no title"}, BadInput, "title"),
        ({"title": "x", "priority": "urgent"}, BadInput, "priority"),
    ],
)
async def test_a_change_that_is_refused_leaves_the_request(
    run_of_ann, bob, arguments, error, words
):
    request = await in_db(propose, run_of_ann)

    with pytest.raises(error, match=words):
        await change(request, bob, arguments)

    assert (await in_db(read, request)).status == Status.PENDING
    assert await in_db(ActionRequest.objects.count) == 1


async def test_who_may_not_decide_may_not_change(run_of_ann, vic, ann, ada):
    note = await in_db(propose, run_of_ann)
    mail = await in_db(propose, run_of_ann, "mail", call="call-2")

    for request, person, error in [
        (note, vic, NotAllowed),
        (note, ada, NotFound),
        (mail, ann, NotAllowed),
    ]:
        with pytest.raises(error):
            await change(request, person)


async def test_the_plugin_sees_no_value_of_who_may_not_decide(run_of_ann, vic, desk):
    seen = []

    def look(arguments, _ctx):
        seen.append(arguments.title)
        return Preview("A ticket")

    request = await in_db(propose, run_of_ann)
    desk(preview=look, summary=None)

    with pytest.raises(NotAllowed):
        await change(request, vic)
    assert seen == []


async def test_only_what_was_seen_and_still_waits_can_be_changed(run_of_ann, bob, desk):
    request = await in_db(propose, run_of_ann)

    with pytest.raises(Conflict, match="Read the card again"):
        await change(request, bob, payload_hash="0" * 64)
    await in_db(reject, request, bob)
    with pytest.raises(Conflict, match="Rejected by bob"):
        await change(request, bob)

    other = await in_db(propose, run_of_ann, call="call-2", title="Restock Tofu")
    registry.current().get("desk").enabled = False
    with pytest.raises(Conflict, match="not available any more"):
        await change(other, bob)


async def test_two_changes_at_once_make_one_version(run_of_ann, ann, bob):
    request = await in_db(propose, run_of_ann)
    other = {**URGENT, "priority": "low"}

    done = await asyncio.gather(
        change(request, ann), change(request, bob, other), return_exceptions=True
    )

    assert sum(isinstance(one, Conflict) for one in done) == 1
    assert await in_db(ActionRequest.objects.filter(supersedes=request).count) == 1


async def test_a_change_can_be_taken_back_by_a_further_one(run_of_ann, policy, ann, bob):
    policy(rules=(Rule("two people", approvals=2),))
    first = await in_db(propose, run_of_ann)
    second = await change(first, bob)

    third = await change(second, ann, first.arguments)

    assert (third.version, third.payload_hash) == (3, first.payload_hash)
    assert "ann changed it first" in closing_sentence(third)
    entries = await in_db(lambda: list(AuditEntry.objects.filter(event="request.changed")))
    assert [entry.body["changed"] for entry in entries] == [["Body", "Priority"]] * 2


async def test_the_database_keeps_what_was_changed(run_of_ann, bob):
    def tamper(request, **columns):
        with pytest.raises(DatabaseError), transaction.atomic():
            ActionRequest.objects.filter(pk=request.pk).update(**columns)

    first = await in_db(propose, run_of_ann)
    new = await change(first, bob)

    await in_db(tamper, new, changes=[])
    await in_db(tamper, new, changed_by_name="ann")
    await in_db(tamper, first, supersedes=new)
