"""Who does not see all of a card makes no rule of it, and reads no more of it elsewhere."""

import pytest

from approvals.enums import Status
from atlas.datasources.row_policies import set_row_policies
from tests.approvals.desk import approve, propose, start_run
from tests.approvals.hidden import OWN, propose_after_reading, show_all
from tests.approvals.test_allow_pages import RULES, filled, text_of
from tests.approvals.test_change_page import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden(desk, ann, bob, ada):
    """A request that ann's agent filed after it read rows that ada does not see."""
    desk(data_fields=("title",))
    yield propose_after_reading(ann, bob, ada)
    show_all()


def test_no_rule_is_made_of_what_is_withheld(hidden, ada):
    client = client_of(ada)

    page = text_of(client.get(f"{RULES}new/", {"request": hidden.pk}))
    answer = client.post(f"{RULES}new/", filled(hidden))

    assert "Some of it is withheld from you, so you cannot make a rule of it." in page
    assert "Chai" not in page
    assert 'id="allow-form"' not in text_of(answer)


def test_the_explanation_withholds_it_as_well(hidden, ada):
    page = text_of(client_of(ada).get(f"/approvals/{hidden.pk}/explain/"))

    assert "How it is decided" in page
    assert "Chai" not in page


@pytest.fixture
def tried(hidden, bob, ada, ann):
    """Hold a rule on the title against the hidden request, which bob has approved."""
    show_all()
    assert approve(hidden, bob).state is Status.APPROVED
    source = propose(start_run(ann, ada), title="Restock Tofu")
    set_row_policies(OWN)

    def hold(how, what):
        changes = {"how-title": how, "what-title": what, "do": "", "name": ""}
        if how == "any":
            changes |= {"how-body": "not given"}
        headers = {"HX-Request": "true"}
        return text_of(
            client_of(ada).post(f"{RULES}new/", filled(source, **changes), headers=headers)
        )

    return hold


def test_examples_of_a_dry_run_withhold_it_as_well(tried, hidden):
    page = tried("any", "")

    assert f"Request {hidden.pk}</a> Create ticket (withheld from you)" in page
    assert "it would have passed 1 of 1 decision." in page


@pytest.mark.parametrize("guess", ["Restock Chai", "Restock Tofu"])
def test_no_value_is_found_by_trying_rules(tried, hidden, guess):
    page = tried("is", guess)

    assert "Nobody has decided anything of this kind in the past 30 days." in page
    assert "1 more is not counted: what the rule looks at is withheld from you." in page
    assert f"Request {hidden.pk}<" not in page
