"""What nobody decides goes to the next group, in order, once, and at last to all admins."""

import asyncio
import dataclasses
import datetime as dt

import pytest
from django.db import transaction
from django.db.models.functions import Now

from approvals.cards.card import render_card
from approvals.deciding.deciders import deciders_of
from approvals.deciding.escalating import escalate
from approvals.deciding.standing import verdict_on
from approvals.enums import Mode, Status
from approvals.execution.rolling_back import roll_back
from approvals.models import ActionRequest
from approvals.notices import due as due_notices
from approvals.notices.due import ESCALATED, WAITING
from approvals.rules import installed
from approvals.rules.escalation import Escalation
from approvals.rules.explaining import explain
from approvals.rules.groups import Group, Step
from approvals.rules.tightening import Rule
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.common.errors import NotAllowed, NotFound
from atlas.notices.models import Notice
from tests.approvals.desk import approve, propose, reject, settled, start_run
from tests.approvals.executing import run_all
from tests.approvals.states import put_at

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = dt.timedelta(hours=1)
LEADS = Group("Leads", ("cleo",))
BOARD = Group("Board", ("zoe", "vic"))
NEXT = {
    "groups": (LEADS, BOARD),
    "escalate_to": (Escalation("Leads", HOUR), Escalation("Board", 2 * HOUR)),
    "escalate_after": 3 * HOUR,
}


@pytest.fixture
def cleo(django_user_model):
    """A lead who takes no part in the conversation."""
    return django_user_model.objects.create_user("cleo", "cleo@example.com", role=Role.ANALYST)


@pytest.fixture
def zoe(django_user_model):
    """Of the board, and a stranger to the conversation as well."""
    return django_user_model.objects.create_user("zoe", "zoe@example.com", role=Role.ANALYST)


def sooner(policy, by, **changes):
    """The policy as it would be for requests that are older by so much."""
    asked = tuple(dataclasses.replace(one, after=one.after - by) for one in NEXT["escalate_to"])
    policy(**{**NEXT, "escalate_to": asked, "escalate_after": 3 * HOUR - by, **changes})


def asked(request):
    """The groups that are asked, and whether all admins are."""
    request.refresh_from_db()
    return (request.escalated_to, request.escalated_at is not None)


def handed_on():
    rows = AuditEntry.objects.filter(event=AuditEvent.REQUEST_ESCALATED).order_by("id")
    return [row.body["to"] for row in rows]


def test_one_group_after_the_other_is_asked_and_admins_come_last(run_of_ann, cleo, zoe, policy):
    request = propose(run_of_ann)

    found = []
    for hours in range(4):
        sooner(policy, hours * HOUR)
        assert (escalate(), escalate()) == (0 if hours == 0 else 1, 0)
        found.append(asked(request))

    assert found == [
        ([], False),
        (["Leads"], False),
        (["Leads", "Board"], False),
        (["Leads", "Board"], True),
    ]
    assert handed_on() == ["Leads", "Board", "admins"]


def test_a_worker_that_was_away_takes_all_steps_that_are_due(run_of_ann, policy):
    request = propose(run_of_ann)
    sooner(policy, 3 * HOUR)

    assert escalate() == 3
    assert (asked(request), handed_on()) == (
        (["Leads", "Board"], True),
        ["Leads", "Board", "admins"],
    )


def test_who_is_asked_next_sees_is_named_told_and_decides(
    run_of_ann, ann, bob, vic, cleo, zoe, ada, policy
):
    policy(**NEXT)
    request = propose(run_of_ann)
    with pytest.raises(NotFound):
        approve(request, cleo)

    sooner(policy, HOUR)
    escalate()
    request.refresh_from_db()

    assert deciders_of([request]) == {request.pk: ["ann", "bob", "cleo"]}
    card = render_card(request, cleo)
    assert "Waiting for: ann, bob or cleo." in card
    assert "Nobody has decided for long, so a group of yours is asked too." in card
    because = {one.name: one.because for one in explain(request, ada).deciders}
    assert because["cleo"] == "belongs to the group “Leads”, and nobody has decided for long"
    due_notices.write_down_what_is_due()
    told = Notice.objects.order_by("kind").values_list("kind", "person__username")
    assert set(told) == {(ESCALATED, "cleo"), (WAITING, "bob")}
    with pytest.raises(NotFound):
        approve(request, zoe)
    assert approve(request, cleo).state is Status.APPROVED


def test_the_right_counts_again_before_it_runs(run_of_ann, cleo, policy, outside):
    sooner(policy, HOUR)
    request = propose(run_of_ann)
    escalate()
    approve(request, cleo)
    policy(**{**NEXT, "groups": (Group("Leads", ("zoe",)), BOARD)})

    settled(run_all())

    request.refresh_from_db()
    assert (request.state, request.error_code) == (Status.LAPSED, "decider_not_allowed")
    assert outside.journal == []


def test_viewers_and_who_asked_get_no_right_by_waiting(vic, cleo, zoe, bob, desk, policy):
    request = propose(start_run(zoe))
    sooner(policy, 2 * HOUR, rules=(Rule("Another looks", two_person=True),))
    of_zoe = propose(start_run(zoe), call="call-2")
    escalate()
    of_zoe.refresh_from_db()

    assert deciders_of([of_zoe]) == {of_zoe.pk: ["cleo"]}
    for person, refusal in ((vic, NotFound), (zoe, NotAllowed)):
        with pytest.raises(refusal):
            approve(of_zoe, person)
    request.refresh_from_db()
    assert deciders_of([request]) == {request.pk: ["zoe", "cleo"]}


FINANCE = Group("Finance", ("fay",))


@pytest.mark.parametrize("escalated", [False, True])
@pytest.mark.parametrize("steps", [(), (Step("Finance"),), (Step("Finance"), Step("Board"))])
@pytest.mark.parametrize("mode", [Mode.MANUAL, Mode.ADMIN_ONLY])
def test_the_list_the_card_and_the_names_agree(
    run_of_ann, ann, bob, vic, cleo, zoe, ada, abe, policy, mode, steps, escalated
):
    groups = (LEADS, BOARD, FINANCE, Group("Chiefs", ("abe", "ann", "bob")))
    policy(
        groups=groups,
        rules=(Rule("money", mode=mode, steps=steps),),
        escalate_to=(Escalation("Leads", dt.timedelta(0)), Escalation("Chiefs", dt.timedelta(0))),
        escalate_after=dt.timedelta(0) if escalated else None,
    )
    request = propose(run_of_ann)
    escalate()
    request.refresh_from_db()

    people = User.objects.filter(is_active=True)
    by_verdict = {one.username for one in people if verdict_on(request, one).allowed}
    by_list = {
        one.username
        for one in people
        if ActionRequest.objects.decidable_by(one).filter(pk=request.pk).exists()
    }
    is_early = len(steps) == 2
    expected = {"abe"} | ({"cleo", "bob"} if mode is Mode.MANUAL or is_early else set())
    if mode is Mode.MANUAL and not steps:
        expected.add("ann")
    if escalated or (mode is Mode.ADMIN_ONLY and not steps):
        expected.add("ada")
    assert by_verdict == expected
    assert by_list == expected
    assert set(deciders_of([request])[request.pk]) == expected


def test_only_the_actions_it_names_are_handed_on(run_of_ann, policy):
    note = propose(run_of_ann)
    mail = propose(run_of_ann, "mail", call="call-2")
    policy(groups=(LEADS,), escalate_to=(Escalation("Leads", dt.timedelta(0), actions=("mail",)),))

    assert escalate() == 1

    assert (asked(note), asked(mail)) == (([], False), (["Leads"], False))


def test_what_was_decided_or_is_over_is_not_handed_on(run_of_ann, bob, policy):
    sooner(policy, 3 * HOUR)
    reject(propose(run_of_ann), bob)
    over = propose(run_of_ann, call="call-2", title="Late")
    ActionRequest.objects.filter(pk=over.pk).update(expires_at=Now())

    assert (escalate(), handed_on()) == (0, [])


def test_a_roll_back_that_waits_is_handed_on_as_well(run_of_ann, bob, cleo, desk, policy):
    desk(roll_back=lambda _result, _ctx: {}, reversible=True)
    done = put_at(propose(run_of_ann), Status.EXECUTED)
    sooner(policy, HOUR, rollbacks=(Rule("Another looks", two_person=True),))
    roll_back(done.pk, by=bob, payload_hash=done.payload_hash)

    assert escalate() == 1

    waiting = ActionRequest.objects.get(undoes=done.pk)
    assert deciders_of([waiting]) == {waiting.pk: ["ann", "cleo"]}


async def test_several_at_once_take_each_step_once(run_of_ann, policy):
    request = await in_db(propose, run_of_ann)
    sooner(policy, 3 * HOUR)

    taken = await asyncio.gather(*(in_db(escalate) for _each in range(8)))
    rest = await in_db(escalate)

    assert sum(taken) + rest == 3
    assert await in_db(handed_on) == ["Leads", "Board", "admins"]
    assert await in_db(asked, request) == (["Leads", "Board"], True)


def test_who_holds_the_row_keeps_others_from_handing_it_on(run_of_ann, policy):
    request = propose(run_of_ann)
    sooner(policy, HOUR)

    async def other():
        return await in_db(escalate)

    with transaction.atomic():
        ActionRequest.objects.select_for_update().get(pk=request.pk)
        assert settled(other()) == 0
    assert escalate() == 1


def test_without_a_policy_nobody_more_is_asked(run_of_ann):
    propose(run_of_ann)

    assert installed.current().escalate_to == ()
    assert escalate() == 0
