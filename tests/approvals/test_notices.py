"""Who is told what about requests by email, when, and with how little in it."""

import datetime as dt
import uuid

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from approvals.deciding.deciders import deciders_of
from approvals.deciding.escalating import escalate
from approvals.enums import Mode, Status
from approvals.models import ActionRequest
from approvals.moves import move
from approvals.notices import due as due_notices
from approvals.notices.due import ENDED, ESCALATED, REMINDER, UNDONE, UNKNOWN, WAITING
from approvals.rules.groups import Group, Step
from approvals.rules.tightening import Rule
from approvals.services import pending_count, sweep, withdraw
from atlas.accounts.absences import name_delegate
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.common.errors import NotFound
from atlas.notices.letters import write
from atlas.notices.models import Notice
from tests.approvals.desk import approve, propose, reject, start_run

SITE = "https://atlas.example.com"
HOUR = dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


def told():
    """Everything that is written down after one more look, by kind."""
    due_notices.write_down_what_is_due()
    rows = Notice.objects.order_by("kind", "person__username")
    found = [(kind, name) for kind, name in rows.values_list("kind", "person__username")]
    return found


def letter_to(person, kind, request):
    return write(kind, person, f"request {request.pk}", SITE)


def ends_in(request, span):
    ActionRequest.objects.filter(pk=request.pk).update(expires_at=Now() + span)


def asked_before(request, span):
    """The same request once more, asked so long ago; nothing changes when it was asked."""
    request.pk = None
    request.created_at = Now() - span
    request.idempotency_key = uuid.uuid4()
    request.tool_call_id = "earlier"
    request.save(force_insert=True)
    request.refresh_from_db()
    return request


def test_who_may_decide_is_told_once_and_who_asked_is_not(run_of_ann, ann, bob, vic, ada):
    propose(run_of_ann)

    assert told() == [(WAITING, "bob")]
    assert told() == [(WAITING, "bob")]


def test_however_much_waits_and_ended_all_of_it_is_told(run_of_ann, ann, bob, monkeypatch):
    monkeypatch.setattr(due_notices, "MOST", 2)
    for number in range(6):
        request = propose(run_of_ann, title=f"Restock {number}")
        if number > 2:
            reject(request, bob, "not now")

    assert told() == [(ENDED, "ann")] * 3 + [(WAITING, "bob")] * 3


def test_admins_are_told_of_what_is_for_admins(run_of_ann, bob, ada, abe):
    propose(run_of_ann, "mail")

    assert told() == [(WAITING, "abe"), (WAITING, "ada")]


def test_a_delegate_is_told_as_well(run_of_ann, bob, django_user_model):
    django_user_model.objects.create_user("eve", "eve@example.com", role=Role.ANALYST)
    now = timezone.now()
    name_delegate(bob, username="eve", starts_at=now - HOUR, ends_at=now + HOUR)
    request = propose(run_of_ann)

    assert told() == [(WAITING, "bob"), (WAITING, "eve")]
    eve = django_user_model.objects.get(username="eve")
    assert "You decide for bob, who is away." in letter_to(eve, WAITING, request).text


@pytest.mark.parametrize("change", [{"email_notices": False}, {"email": ""}])
def test_who_does_not_want_email_is_not_told(run_of_ann, bob, change):
    for name, value in change.items():
        setattr(bob, name, value)
    bob.save()
    propose(run_of_ann)

    assert told() == []


def test_a_letter_holds_no_values(run_of_ann, bob):
    request = propose(run_of_ann, title="Fire Mallory", body="secret body")
    letter = letter_to(bob, WAITING, request)

    assert letter.subject == "Approval needed: Create ticket, asked by ann"
    whole = letter.subject + letter.text
    assert f"{SITE}/approvals/{request.pk}/" in whole
    assert f"{SITE}/accounts/profile/" in whole
    assert "It expires in" in whole
    assert "UTC" in whole
    for value in ("Mallory", "secret", request.why["question"], request.summary):
        assert value not in whole


def test_the_end_is_told_without_values_and_without_the_reason(run_of_ann, ann, bob):
    request = reject(propose(run_of_ann, title="Fire Mallory"), bob, "Mallory is fine")
    letter = letter_to(ann, ENDED, request)

    assert letter.subject == "Create ticket: rejected"
    assert "It is rejected by bob, so nothing was done." in letter.text
    assert "Mallory" not in letter.subject + letter.text


def test_a_name_cannot_begin_another_header(run_of_ann, ann, bob):
    request = propose(run_of_ann)
    ann.first_name = "Ann\nBcc: all@example.com"
    ann.save()
    other = propose(run_of_ann, call="call-2")

    assert "\n" not in letter_to(bob, WAITING, other).subject
    assert letter_to(bob, WAITING, request).subject.endswith("asked by ann")


def test_what_was_decided_meanwhile_is_not_asked_for(run_of_ann, ann, bob):
    request = propose(run_of_ann)
    assert told() == [(WAITING, "bob")]
    approve(request, ann)

    assert letter_to(bob, WAITING, request) is None


def test_a_reminder_comes_once_before_it_expires_also_to_who_asked(run_of_ann, ann, bob, policy):
    policy(remind_before=24 * HOUR)
    first = propose(run_of_ann)
    request = asked_before(ActionRequest.objects.get(pk=first.pk), 144 * HOUR)
    withdraw(first.pk, by=ann)
    ends_in(request, 25 * HOUR)
    assert told() == [(WAITING, "bob")]
    ends_in(request, 23 * HOUR)

    both = [(REMINDER, "ann"), (REMINDER, "bob"), (WAITING, "bob")]
    assert told() == both
    assert told() == both
    assert letter_to(bob, REMINDER, request).subject.startswith("Still waiting for approval")


def test_what_is_short_is_not_reminded_of_in_its_first_half(run_of_ann, bob, policy):
    policy(time_to_decide=HOUR)
    propose(run_of_ann)

    assert told() == [(WAITING, "bob")]


def test_reminders_can_be_off(run_of_ann, bob, policy):
    policy(remind_before=None)
    request = propose(run_of_ann)
    ends_in(request, HOUR / 60)

    assert told() == [(WAITING, "bob")]


def test_after_a_time_every_admin_may_see_and_decide_what_waits(
    run_of_ann, ann, bob, ada, abe, policy
):
    policy(escalate_after=dt.timedelta(days=1))
    request = propose(run_of_ann)
    assert escalate() == 0
    with pytest.raises(NotFound):
        approve(request, ada)

    policy(escalate_after=dt.timedelta(0))
    assert (escalate(), escalate()) == (1, 0)

    assert AuditEntry.objects.filter(event=AuditEvent.REQUEST_ESCALATED).count() == 1
    request.refresh_from_db()
    assert deciders_of([request]) == {request.pk: ["ann", "bob", "abe", "ada"]}
    assert (pending_count(ada), pending_count(bob)) == (1, 1)
    assert told() == [(ESCALATED, "abe"), (ESCALATED, "ada"), (WAITING, "bob")]
    assert letter_to(ada, ESCALATED, request).subject.startswith("Nobody has decided yet")
    assert approve(request, ada).status == Status.APPROVED


@pytest.mark.parametrize("mode", [None, Mode.ADMIN_ONLY])
def test_after_a_time_an_admin_decides_in_place_of_a_group(run_of_ann, bob, ada, policy, mode):
    finance = Group("Finance", ("bob",), frozenset({Role.VIEWER}))
    policy(
        groups=(finance, Group("Board", ("zoe",))),
        rules=(Rule("money", mode=mode, steps=(Step("Finance"), Step("Board"))),),
        escalate_after=dt.timedelta(0),
    )
    request = propose(run_of_ann)
    assert (pending_count(ada), deciders_of([request])) == (0, {request.pk: ["bob"]})
    assert escalate() == 1

    request.refresh_from_db()
    assert (pending_count(ada), deciders_of([request])) == (1, {request.pk: ["bob", "ada"]})
    assert approve(request, ada).status == Status.PENDING


def test_an_admin_who_asked_gets_no_right_by_waiting(ada, bob, desk, policy):
    policy(escalate_after=dt.timedelta(0))
    request = propose(start_run(bob, readers=[ada]))
    other = propose(start_run(ada), "mail")
    assert escalate() == 2

    assert list(ActionRequest.objects.decidable_by(ada)) == [request]
    other.refresh_from_db()
    assert deciders_of([other]) == {other.pk: []}


@pytest.mark.parametrize(
    ("action", "kinds"),
    [
        ("executed", [(ENDED, "ann")]),
        ("failed", [(ENDED, "ann")]),
        ("unknown", [(UNKNOWN, "ann")]),
    ],
)
def test_who_asked_is_told_how_it_ended(run_of_ann, bob, action, kinds):
    request = approve(propose(run_of_ann), bob)
    move(request, Status.EXECUTING)
    move(request, Status(action))

    assert told() == kinds


def test_undoing_is_told_after_the_end(run_of_ann, ann, bob):
    request = approve(propose(run_of_ann), bob)
    for status in (Status.EXECUTING, Status.EXECUTED):
        move(request, status)
    assert told() == [(ENDED, "ann")]
    move(request, Status.ROLLING_BACK)
    move(request, Status.ROLLED_BACK)

    assert told() == [(ENDED, "ann"), (UNDONE, "ann")]


def test_nobody_is_told_of_what_they_did_themselves(run_of_ann, ann, bob):
    own = approve(propose(run_of_ann), ann)
    move(own, Status.EXECUTING)
    move(own, Status.EXECUTED)
    withdraw(propose(run_of_ann, call="call-2").pk, by=ann)
    automatic = propose(run_of_ann, "ping", call="call-3")
    move(automatic, Status.EXECUTING)
    move(automatic, Status.EXECUTED)

    assert told() == []


def test_what_expired_is_told(run_of_ann, ann, bob):
    request = propose(run_of_ann)
    ends_in(request, -HOUR)
    assert sweep() == 1

    assert told() == [(ENDED, "ann")]


def test_what_ended_long_ago_is_not_told_any_more(run_of_ann, ann, bob):
    request = reject(propose(run_of_ann), bob)
    ActionRequest.objects.filter(pk=request.pk).update(finished_at=Now() - 48 * HOUR)

    assert told() == []
