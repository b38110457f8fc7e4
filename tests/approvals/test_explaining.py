"""The page that says why: which rules hold, who could decide, what another person would meet."""

from datetime import timedelta

import pytest

from approvals import halting
from approvals.allow_rules import allowing
from approvals.allow_rules.allowing import RuleDraft
from approvals.enums import Mode
from approvals.rules.groups import Group, Step
from approvals.rules.tightening import Condition, Operator, Rule
from approvals.rules.windows import DailyLimit
from atlas.accounts.roles import Role
from atlas.common.clock import database_now
from tests.approvals.desk import approve, propose, reject, start_run
from tests.approvals.test_change_page import client_of
from tests.approvals.test_holding import freeze_of

pytestmark = pytest.mark.django_db

CHAI = Rule("Tea is dear", conditions=(Condition("title", Operator.CONTAINS, "chai"),), approvals=2)
TOFU = Rule("Tofu is not", conditions=(Condition("title", Operator.CONTAINS, "tofu"),), approvals=3)
STAFF = Rule("Own requests", roles=frozenset({Role.ANALYST}), two_person=True)


def page(request, viewer, **query):
    answer = client_of(viewer).get(f"/approvals/{request.pk}/explain/", query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_it_names_the_rules_that_hold_and_what_they_ask(run_of_ann, policy, ann):
    policy(rules=(CHAI, TOFU, STAFF))

    said = page(propose(run_of_ann), ann)

    assert "<strong>Tea is dear</strong> · holds <br> It asks: 2 approvals." in said
    assert "<strong>Own requests</strong> · holds" in said
    assert "by somebody in the conversation; by somebody else than who asked; 2 approvals" in said
    assert "You asked for this, so somebody else has to decide." in said
    # How other requests are decided is the admins' business.
    assert "Tofu" not in said


def test_an_admin_reads_also_why_a_rule_does_not_hold(run_of_ann, policy, ada):
    policy(rules=(CHAI, TOFU))

    said = page(propose(run_of_ann, "mail"), ada)

    assert (
        "<strong>Tofu is not</strong> · does not hold <br> “title contains tofu” is not so." in said
    )


def test_it_names_who_could_decide_and_why(run_of_ann, policy, ann, bob, ada):
    assert "<strong>bob</strong> takes part in the conversation" in page(propose(run_of_ann), ann)
    mail = propose(run_of_ann, "mail", call="call-2")
    assert "<strong>ada</strong> is an admin and did not ask for it" in page(mail, ann)
    policy(groups=(Group("Finance", ("bob",)),), rules=(Rule("money", steps=(Step("Finance"),)),))
    steps = propose(run_of_ann, call="call-3", title="Steps")
    assert "<strong>bob</strong> belongs to the group “Finance”" in page(steps, ann)
    assert "by groups in steps" in page(steps, ann)
    assert "Finance (1)" in page(steps, ann)


def test_it_says_when_nobody_could(run_of_ann, ann):
    assert "Nobody. Add people" in page(propose(run_of_ann, "mail"), ann)


def test_it_says_what_would_hold_it(run_of_ann, policy, ann, ada):
    policy(freezes=(freeze_of(),), daily_limits=(DailyLimit(("*",), 5),))
    halting.halt(by=ada, reason="Wrong mails")

    said = page(propose(run_of_ann), ann)

    assert "“Stocktaking” lets nothing begin before" in said
    assert "0 of at most 5 have begun today." in said
    assert "An admin has stopped everything: “Wrong mails”." in said


@pytest.mark.parametrize(
    "policy_change",
    [{"rules": (CHAI,)}, {"modes": {"note": Mode.ADMIN_ONLY}}],
    ids=["rule", "mode"],
)
def test_it_says_when_the_policy_became_stricter(run_of_ann, policy, ann, bob, policy_change):
    request = propose(run_of_ann)
    assert "has become stricter" not in page(request, ann)

    policy(**policy_change)

    assert "has become stricter since this was asked for" in page(request, ann)
    reject(request, bob)
    assert "has become stricter" not in page(request, ann)


def test_an_admin_tries_as_another_person(run_of_ann, policy, ada, bob, vic, django_user_model):
    django_user_model.objects.create_user("carl", role=Role.ANALYST)
    policy(rules=(Rule("Admins only", roles=frozenset({Role.ADMIN}), mode=Mode.ADMIN_ONLY),))
    request = propose(run_of_ann, "mail")

    said = page(request, ada, person="bob")

    assert "bob may see it." in said
    assert "<dt> May not decide </dt> <dd>“Only an admin can decide this request.”</dd>" in said
    assert "carl may not see it." in page(request, ada, person="carl")
    assert "this person may not ask" in page(request, ada, person="vic")
    own = page(request, ada, person="ada")
    assert "<dt> May decide </dt>" in own
    assert "<dt>If ada had asked</dt> <dd>admin only · Admins only</dd>" in own
    for name in ("nobody", "a\x00"):
        unknown = page(request, ada, person=name)
        assert "There is no active person with this user name. Check how it is written." in unknown


def test_only_admins_may_try(run_of_ann, ann, bob):
    assert "Try as another person" not in page(propose(run_of_ann), ann, person="bob")


def test_who_may_not_see_the_card_gets_no_explanation(run_of_ann, abe):
    request = propose(run_of_ann)

    assert client_of(abe).get(f"/approvals/{request.pk}/explain/").status_code == 404


def test_the_card_leads_there_also_when_it_is_decided(run_of_ann, ann, bob):
    request = propose(run_of_ann)
    address = f"/approvals/{request.pk}/explain/"

    assert address in client_of(ann).get(f"/approvals/{request.pk}/").content.decode()
    approve(request, bob)
    assert address in client_of(ann).get(f"/approvals/{request.pk}/").content.decode()
    assert "Who could decide" not in page(request, ann)


@pytest.mark.parametrize(
    ("action", "policy_change", "said"),
    [
        ("note", {}, "No rule fitted when it was asked for."),
        ("note", {"modes": {"note": Mode.MANUAL}}, "wants a person to look"),
        ("mail", {}, "Only an admin decides this, each time anew."),
        ("ping", {}, "It needs no approval as it is."),
    ],
)
def test_it_says_what_allow_rules_have_to_do_with_it(
    run_of_ann, policy, ann, action, policy_change, said
):
    policy(**policy_change)

    assert said in page(propose(run_of_ann, action), ann)


def test_it_names_the_allow_rule_that_decided_or_was_kept_from_it(run_of_ann, ann, ada):
    source = propose(run_of_ann)
    conditions = (Condition("title", Operator.IS, "Restock Chai"),)
    end = database_now() + timedelta(days=1)
    allowing.make(source, RuleDraft("Restock", conditions, end), by=ada)

    passed = propose(start_run(ann))
    kept = propose(start_run(ann), untrusted=True)

    assert "The rule “Restock” of ada let it pass." in page(passed, ann)
    assert "The rule “Restock” of ada fits, but data that was read kept it." in page(kept, ann)
