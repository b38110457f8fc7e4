"""Who does not see all of a card makes no rule of it, and reads no more of it elsewhere."""

from datetime import timedelta

import pytest
from django.utils import timezone

from approvals.enums import Status
from atlas.datasources.models import StoredResult
from atlas.datasources.row_policies import set_row_policies
from atlas.sql.policies.rows import RowPolicies, RowPolicy
from tests.approvals.desk import approve, propose, start_run
from tests.approvals.test_allow_pages import RULES, filled, text_of
from tests.approvals.test_change_page import client_of

pytestmark = pytest.mark.django_db

OWN = RowPolicies((RowPolicy("own", ("orders",), column="customer", claim="username"),))
SEEN = {"tables": ["orders"], "columns": ["customer"], "claims": "those of ann", "masked": {}}


@pytest.fixture
def hidden(desk, ann, bob, ada):
    """A request that ann's agent filed after it read rows that ada does not see."""
    desk(data_fields=("title",))
    run = start_run(ann, bob, ada)
    StoredResult.objects.create(
        conversation_id=run.conversation_id,
        datasource="shop",
        sql="SELECT customer FROM orders",
        columns=["customer"],
        rows=[["Chai"]],
        row_count=1,
        seen=SEEN,
        expires_at=timezone.now() + timedelta(days=1),
    )
    request = propose(run, title="Restock Chai")
    set_row_policies(OWN)
    yield request
    set_row_policies(RowPolicies())


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
    set_row_policies(RowPolicies())
    assert approve(hidden, bob).state is Status.APPROVED
    source = propose(start_run(ann, ada), title="Restock Chai")
    set_row_policies(OWN)

    page = text_of(client_of(ada).get(f"{RULES}new/", {"request": source.pk}))

    assert f"Request {hidden.pk}</a> Create ticket (withheld from you)" in page
