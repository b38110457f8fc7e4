"""Sensitive queries are explained as actions are, and no rule allows them in advance."""

import pytest

from approvals.policies import Policy
from approvals.rules import installed
from approvals.rules.requirements import QUERY
from approvals.rules.tightening import Rule
from atlas.common.db import in_db
from atlas.conversations.models import Participant
from tests.approvals.test_allow_pages import RULES, text_of
from tests.approvals.test_change_page import client_of
from tests.approvals.test_query_requests import file, policies, run, source

__all__ = ["policies", "run", "source"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def take_part(run, ada):
    Participant.objects.create(conversation=run.conversation, user=ada)


async def test_a_query_is_explained_by_the_rules_about_queries(run, bob):
    two = Rule("Two people look at queries", actions=(QUERY,), approvals=2)
    await in_db(installed.install, Policy(rules=(two,)))
    request = await file(run)

    page = await in_db(lambda: text_of(client_of(bob).get(f"/approvals/{request.pk}/explain/")))

    assert "<strong>Two people look at queries</strong> · holds" in page
    assert "<strong>bob</strong> takes part in the conversation" in page
    assert "No allow rule decides about queries." in page


async def test_no_rule_is_made_of_a_query(run, ada, take_part):
    request = await file(run)

    client = await in_db(client_of, ada)
    page = await in_db(lambda: text_of(client.get(f"{RULES}new/", {"request": request.pk})))
    card = await in_db(lambda: text_of(client.get(f"/approvals/{request.pk}/")))

    assert "Sensitive queries are looked at each time." in page
    assert "Always allow this kind…" not in card
