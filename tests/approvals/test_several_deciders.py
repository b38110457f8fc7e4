"""Two-person rules and approvals by several people, through the services and the queue."""

import pytest

from approvals.enums import Mode, Status
from approvals.errors import Conflict
from approvals.execution import preflight
from approvals.rules.tightening import Condition, Operator, Origin, Rule
from approvals.services import pending_count
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.common.errors import NotAllowed
from plugins_app.host.facets import actions
from tests.approvals.desk import approve, propose, reject

TWO_PERSON = Rule("own requests", two_person=True)
TWO_VOTES = Rule("two people", approvals=2)
pytestmark = pytest.mark.django_db


def waits_for(*people):
    return [str(person) for person in people if pending_count(person)]


def test_the_requester_does_not_decide_alone(run_of_ann, policy, ann, bob):
    policy(rules=(TWO_PERSON,))
    request = propose(run_of_ann)

    assert waits_for(ann, bob) == [str(bob)]
    with pytest.raises(NotAllowed, match="somebody else has to decide"):
        approve(request, ann)
    with pytest.raises(NotAllowed, match="somebody else has to decide"):
        reject(request, ann)
    assert approve(request, bob).status == Status.APPROVED


def test_a_two_person_rule_makes_an_automatic_action_wait(run_of_ann, policy):
    policy(rules=(TWO_PERSON,))

    request = propose(run_of_ann, "ping")

    assert (request.mode, request.status) == (Mode.MANUAL, Status.PENDING)
    assert request.policy["rules"] == ["own requests"]


def test_it_runs_after_the_last_of_two_approvals(run_of_ann, policy, ann, bob):
    policy(rules=(TWO_VOTES,))
    request = propose(run_of_ann)

    assert approve(request, ann).status == Status.PENDING
    assert waits_for(ann, bob) == [str(bob)]
    assert approve(request, ann).status == Status.PENDING
    with pytest.raises(NotAllowed, match="more people have to"):
        reject(request, ann)

    decided = approve(request, bob)

    assert (decided.status, decided.votes.count()) == (Status.APPROVED, 2)
    assert decided.decided_by == bob
    counted = AuditEntry.objects.filter(event=AuditEvent.REQUEST_APPROVED).order_by("id")
    assert [entry.body["approvals"] for entry in counted] == [1, 2]


def test_one_rejection_ends_it(run_of_ann, policy, ann, bob):
    policy(rules=(TWO_VOTES,))
    request = propose(run_of_ann)
    approve(request, ann)

    assert reject(request, bob).status == Status.REJECTED
    with pytest.raises(Conflict):
        approve(request, bob)
    assert approve(request, ann).status == Status.REJECTED


def test_a_rule_about_an_argument_meets_only_that_one(run_of_ann, policy, ann):
    stock = Condition("title", Operator.CONTAINS, "stock")
    policy(rules=(Rule("stock", conditions=(stock,), mode=Mode.ADMIN_ONLY),))

    assert propose(run_of_ann, title="Restock Chai").mode == Mode.ADMIN_ONLY
    assert propose(run_of_ann, title="Say hello", call="call-2").mode == Mode.MANUAL


@pytest.mark.parametrize("rule", [TWO_PERSON, TWO_VOTES, Rule("admins", mode=Mode.ADMIN_ONLY)])
def test_a_rule_made_stricter_after_the_decision_stops_the_run(run_of_ann, policy, ann, rule):
    request = approve(propose(run_of_ann), ann)
    assert preflight.problem_of(request, actions.find("note"), True) is None

    policy(rules=(rule,))

    assert preflight.problem_of(request, actions.find("note"), True).code == "policy_changed"


@pytest.mark.parametrize(("origin", "mode"), [(Origin.CHAT, Mode.AUTO), (Origin.API, Mode.MANUAL)])
def test_what_programs_ask_for_may_wait_where_people_need_not(run_of_ann, policy, origin, mode):
    policy(rules=(Rule("programs", origins=frozenset({Origin.API}), mode=Mode.MANUAL),))
    run_of_ann.origin = origin
    run_of_ann.save()

    request = propose(run_of_ann, "ping")

    assert (request.mode, request.origin) == (mode, origin)
