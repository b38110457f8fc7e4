"""Deciding for a colleague who is away: who may, what is recorded, and where it ends."""

import datetime as dt
from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from approvals.cards.card import cards_for
from approvals.deciding.deciders import deciders_of
from approvals.enums import Status
from approvals.errors import Conflict
from approvals.execution import preflight
from approvals.models import ActionRequest, Vote
from approvals.rules.groups import Group, Step
from approvals.rules.tightening import Rule
from approvals.services import pending_count
from atlas.accounts.absences import end_absence, name_delegate
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.common.errors import NotAllowed, NotFound
from plugins_app.host.facets import actions
from tests.approvals.desk import approve, propose, reject, start_run

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


def away(person, delegate):
    now = timezone.now()
    return name_delegate(person, username=delegate.username, starts_at=now - DAY, ends_at=now + DAY)


@pytest.fixture
def eve(django_user_model):
    """An analyst who takes part in nothing."""
    return django_user_model.objects.create_user("eve", role=Role.ANALYST)


def refused(request, person):
    with pytest.raises((NotAllowed, NotFound)):
        approve(request, person)
    return request.pk not in ActionRequest.objects.decidable_by(person).values_list("pk", flat=True)


def test_a_delegate_decides_for_who_is_away_and_it_is_on_the_record(run_of_ann, bob, eve):
    request = propose(run_of_ann)
    assert refused(request, eve)
    away(bob, eve)

    assert pending_count(eve) == 1
    card = cards_for([request], eve)[request.pk]
    assert (card.verdict.allowed, card.verdict.sentence) == (
        True,
        "You decide for bob, who is away.",
    )
    decided = approve(request, eve)

    assert (decided.status, decided.decided_by) == (Status.APPROVED, eve)
    assert decided.decided_by_name == "eve for bob"
    vote = decided.votes.get()
    assert (vote.voter, vote.right_of, vote.who) == (eve, bob.pk, "eve for bob")
    entry = AuditEntry.objects.get(event=AuditEvent.REQUEST_APPROVED)
    assert (entry.actor_name, entry.body["for_person"]) == ("eve", bob.pk)
    assert preflight.problem_of(decided, actions.find("note"), True) is None
    assert ActionRequest.objects.visible_to(eve).get() == decided


def test_a_rejection_says_for_whom_it_was(run_of_ann, bob, eve):
    away(bob, eve)
    decided = reject(propose(run_of_ann), eve)

    assert (decided.status, decided.decided_by_name) == (Status.REJECTED, "eve for bob")


def test_who_waits_is_told_with_the_delegate(run_of_ann, ann, bob, eve):
    request = propose(run_of_ann)
    away(bob, eve)

    assert deciders_of([request]) == {request.pk: ["ann", "bob", "eve for bob"]}


def test_it_ends_with_the_absence(run_of_ann, bob, eve):
    absence = away(bob, eve)
    request = propose(run_of_ann)
    end_absence(absence.pk, by=bob)

    assert refused(request, eve)
    with pytest.raises(NotFound):
        approve(request, eve)


def test_it_has_not_begun_before_its_first_day(run_of_ann, bob, eve):
    now = timezone.now()
    name_delegate(bob, username="eve", starts_at=now + DAY, ends_at=now + 2 * DAY)

    assert refused(propose(run_of_ann), eve)


def test_a_delegate_never_decides_what_they_asked_for(run_of_ann, ann, bob, policy):
    policy(rules=(Rule("two", two_person=True),))
    request = propose(run_of_ann)
    away(bob, ann)

    assert refused(request, ann)
    assert approve(request, bob).status == Status.APPROVED


def test_an_admin_who_asked_does_not_decide_for_another_admin(ada, abe, desk):
    request = propose(start_run(ada), "mail")
    away(abe, ada)

    assert refused(request, ada)


def test_who_may_not_decide_cannot_lend_it(run_of_ann, ann, bob, eve, policy):
    """The one who asked may not decide under this rule, so neither may the delegate."""
    policy(rules=(Rule("two", two_person=True),))
    away(ann, eve)

    assert refused(propose(run_of_ann), eve)


@pytest.mark.parametrize("who", ["bob", "eve"])
def test_a_lost_role_of_either_ends_it(run_of_ann, bob, eve, who):
    request = propose(run_of_ann)
    away(bob, eve)
    loser = {"bob": bob, "eve": eve}[who]
    loser.role = Role.VIEWER
    loser.save()

    assert refused(request, eve)


@pytest.mark.parametrize("who", ["bob", "eve"])
def test_a_role_lost_before_the_run_stops_it(run_of_ann, bob, eve, who):
    away(bob, eve)
    request = approve(propose(run_of_ann), eve)
    loser = {"bob": bob, "eve": eve}[who]
    loser.role = Role.VIEWER
    loser.save()

    request = ActionRequest.objects.get(pk=request.pk)
    problem = preflight.problem_of(request, actions.find("note"), True)
    assert problem.code == "decider_not_allowed"


def test_a_demoted_delegate_does_not_decide_for_admins(ada, abe, run_of_ann):
    request = propose(run_of_ann, "mail")
    away(ada, abe)
    abe.role = Role.ANALYST
    abe.save()

    assert refused(request, abe)


def test_one_right_gives_one_vote(run_of_ann, ann, bob, eve, policy):
    """With two approvals needed, bob and who stands in for bob are one of them."""
    policy(rules=(Rule("two people", approvals=2),))
    request = propose(run_of_ann)
    away(bob, eve)

    assert approve(request, eve).status == Status.PENDING
    assert refused(request, bob)
    assert deciders_of([request]) == {request.pk: ["ann"]}
    assert approve(request, ann).status == Status.APPROVED


def test_a_delegate_with_an_own_vote_gives_no_second_one(run_of_ann, ann, bob, policy):
    policy(rules=(Rule("two people", approvals=2),))
    request = propose(run_of_ann)
    away(ann, bob)

    assert approve(request, bob).votes.get().for_name == ""
    with suppress(Conflict, NotAllowed):
        approve(request, bob)
    assert request.votes.count() == 1


def test_the_database_refuses_a_second_vote_by_one_right(run_of_ann, bob, eve, ann):
    request = propose(run_of_ann)
    row = {"request": request, "version": 1, "decision": "approve", "right_of": bob.pk}
    Vote.objects.create(voter=bob, voter_name="bob", **row)

    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(voter=eve, voter_name="eve", for_name="bob", **row)


def test_rights_are_not_lent_on(run_of_ann, bob, eve, django_user_model):
    zoe = django_user_model.objects.create_user("zoe", role=Role.ANALYST)
    away(bob, eve)
    away(eve, zoe)

    assert refused(propose(run_of_ann), zoe)


def test_a_member_of_a_group_lends_the_group_turn(run_of_ann, bob, eve, policy):
    policy(
        groups=(Group("Finance", ("bob",)),),
        rules=(Rule("money", steps=(Step("Finance"),)),),
    )
    request = propose(run_of_ann)
    assert refused(request, eve)
    away(bob, eve)

    assert deciders_of([request]) == {request.pk: ["bob", "eve for bob"]}
    assert approve(request, eve).status == Status.APPROVED


def test_a_delegate_reaches_the_card_and_its_buttons(client, run_of_ann, bob, eve):
    request = propose(run_of_ann)
    away(bob, eve)
    client.force_login(eve)
    page = client.get(f"/approvals/{request.pk}/").content.decode()

    assert "You decide for bob, who is away." in page
    assert f"/approvals/{request.pk}/approve/" in page
