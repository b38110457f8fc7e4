"""Groups that decide one after the other, through the services, the queue and the executor."""

import pytest

from approvals.cards.card import render_card
from approvals.deciding.standing import verdict_on
from approvals.enums import Mode, Status
from approvals.models import ActionRequest
from approvals.rules.groups import Group, Step, cover
from approvals.rules.tightening import Rule
from approvals.services import pending_count
from atlas.accounts.roles import Role
from atlas.common.errors import NotAllowed, NotFound
from tests.approvals.desk import approve, propose, reject, settled
from tests.approvals.executing import run_all

pytestmark = pytest.mark.django_db(transaction=True)

FINANCE = Group("Finance", people=("bob", "carl", "vic"))
ADMINS = Group("Admins", roles=frozenset({Role.ADMIN}))
RULE = Rule("money", steps=(Step("Finance"), Step("Admins")))


@pytest.fixture
def steps(policy):
    policy(groups=(FINANCE, ADMINS), rules=(RULE,))


@pytest.fixture
def carl(db, django_user_model):
    """In the group Finance and in no conversation."""
    return django_user_model.objects.create_user("carl", role=Role.ANALYST)


def waits_for(*people):
    """Who has something to decide, and the page of the person agrees with the services."""
    request = ActionRequest.objects.get()
    found = [person for person in people if pending_count(person)]
    agree = [person for person in people if verdict_on(request, person).allowed]
    assert found == agree
    return [person.username for person in found]


def test_one_group_decides_after_the_other(run_of_ann, steps, ann, bob, carl, ada, vic, outside):
    everybody = (ann, bob, carl, ada, vic)
    request = propose(run_of_ann)

    assert waits_for(*everybody) == ["bob", "carl"]
    with pytest.raises(NotAllowed, match="Now the group “Finance” decides"):
        approve(request, ann)
    with pytest.raises(NotAllowed, match="Now the group “Finance” decides"):
        approve(request, ada)
    assert approve(request, carl).status == Status.PENDING
    assert waits_for(*everybody) == ["ada"]
    with pytest.raises(NotAllowed, match="Now the group “Admins” decides"):
        approve(request, bob)
    assert approve(request, ada).status == Status.APPROVED

    settled(run_all())

    request.refresh_from_db()
    assert (request.status, request.error_text) == (Status.EXECUTED, "")
    assert [title for title, _key in outside.journal] == ["Restock Chai"]


def test_a_card_names_the_groups_and_how_far_they_are(run_of_ann, steps, carl, ada, ann):
    request = propose(run_of_ann)

    waiting = render_card(request, ann)
    assert "</strong> · by groups in steps" in waiting
    assert "Finance: 0 of 1 approvals. Admins: 0 of 1 approvals." in waiting
    assert "Waiting for: bob or carl." in waiting
    approve(request, carl)
    request.refresh_from_db()
    waiting = render_card(request, ann)
    assert "Finance: 1 of 1 approvals: carl. Admins: 0 of 1 approvals." in waiting
    assert "Waiting for: ada." in waiting


def test_a_group_sees_its_requests_and_no_others(run_of_ann, steps, policy, carl, bob):
    request = propose(run_of_ann)
    assert ActionRequest.objects.visible_to(carl).get() == request

    policy(groups=(Group("Finance", people=("bob",)), ADMINS), rules=(RULE,))

    assert not ActionRequest.objects.visible_to(carl).exists()
    with pytest.raises(NotFound):
        approve(request, carl)


def test_any_group_whose_turn_it_is_may_reject(run_of_ann, steps, carl):
    assert reject(propose(run_of_ann), carl).status == Status.REJECTED


@pytest.mark.usefixtures("ada")
def test_before_an_admin_decides_groups_may_have_to(run_of_ann, steps, ann, bob, carl, abe):
    request = propose(run_of_ann, "mail")

    assert request.mode == Mode.ADMIN_ONLY
    assert waits_for(ann, bob, carl, abe) == ["bob", "carl"]
    approve(request, bob)
    assert waits_for(ann, bob, carl, abe) == ["abe"]
    assert approve(request, abe).status == Status.APPROVED


def test_the_last_step_of_an_admin_only_action_needs_an_admin(run_of_ann, policy, bob, ada):
    policy(groups=(FINANCE,), rules=(Rule("money", steps=(Step("Finance"),)),))
    request = propose(run_of_ann, "mail")

    assert waits_for(bob, ada) == []
    assert "nobody; there is no one who may decide this" in render_card(request, ada)


def test_an_automatic_action_waits_for_its_groups(run_of_ann, steps):
    request = propose(run_of_ann, "ping")

    assert (request.mode, request.status) == (Mode.MANUAL, Status.PENDING)
    assert request.turn == "Finance"


def test_who_left_the_group_does_not_count_when_it_runs(
    run_of_ann, steps, policy, carl, ada, outside
):
    request = propose(run_of_ann)
    approve(request, carl)
    approve(request, ada)
    policy(groups=(Group("Finance", people=("bob",)), ADMINS), rules=(RULE,))

    settled(run_all())

    request.refresh_from_db()
    assert (request.status, request.error_code) == (Status.LAPSED, "decider_not_allowed")
    assert outside.journal == []


@pytest.mark.parametrize(("finance", "runs"), [(("bob",), False), (("bob", "carl"), True)])
def test_nobody_keeps_a_vote_of_one_group_by_belonging_to_another(
    run_of_ann, policy, carl, ada, outside, finance, runs
):
    rule = Rule("money", steps=(Step("Finance"), Step("Board")))
    policy(groups=(FINANCE, Group("Board", ("ada",))), rules=(rule,))
    request = propose(run_of_ann)
    approve(request, carl)
    approve(request, ada)
    policy(groups=(Group("Finance", finance), Group("Board", ("ada", "carl"))), rules=(rule,))

    settled(run_all())

    request.refresh_from_db()
    assert (request.status == Status.EXECUTED, len(outside.journal)) == (runs, int(runs))
    assert request.error_code == ("" if runs else "decider_not_allowed")


def test_a_step_that_was_added_meanwhile_lets_it_lapse(run_of_ann, policy, ann, bob, outside):
    """Also where as many people have approved as all steps together ask for."""
    policy(rules=(Rule("two", approvals=2),))
    request = propose(run_of_ann)
    approve(request, ann)
    approve(request, bob)
    policy(groups=(FINANCE, ADMINS), rules=(RULE,))

    settled(run_all())

    request.refresh_from_db()
    assert (request.status, request.error_code) == (Status.LAPSED, "policy_changed")
    assert outside.journal == []


A, B, AA = Step("a"), Step("b"), Step("a", 2)


@pytest.mark.parametrize(
    ("had", "wanted", "expected"),
    [
        ((), (), True),
        ((A,), (), True),
        ((), (A,), False),
        ((A, B), (A, B), True),
        ((A, B), (B,), True),
        ((A, B), (B, A), False),
        ((AA, B), (A, B), True),
        ((A, B), (AA, B), False),
    ],
)
def test_what_was_asked_covers_what_is_asked_now(had, wanted, expected):
    assert cover(had, wanted) is expected
