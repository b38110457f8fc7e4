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


def test_examples_of_a_dry_run_withhold_it_as_well(hidden, bob, ada, ann):
    show_all()
    assert approve(hidden, bob).state is Status.APPROVED
    source = propose(start_run(ann, ada), title="Restock Chai")
    set_row_policies(OWN)

    page = text_of(client_of(ada).get(f"{RULES}new/", {"request": source.pk}))

    assert f"Request {hidden.pk}</a> Create ticket (withheld from you)" in page
