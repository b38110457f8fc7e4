"""What turns the direction of a text, or hides in it, is seen wherever somebody reads a request."""

import dataclasses

import pytest
from django.test import Client

from approvals.filing.payloads import Why
from approvals.models import ActionRequest
from tests.approvals import desk
from tests.approvals.desk import approve, propose, reject, settled
from tests.approvals.executing import run_all

pytestmark = pytest.mark.django_db(transaction=True)

TURNED = "ann \u202epay eve\u202c now"


def pages(person, *paths):
    client = Client()
    client.force_login(person)
    return [client.get(path).content.decode() for path in paths]


def assert_is_seen(texts):
    for text in texts:
        assert "\u202e" not in text
        assert "[U+202E]" in text


def test_in_the_reasons_of_a_card_and_of_its_explanation(run_of_ann, bob, monkeypatch):
    words = {field.name: TURNED for field in dataclasses.fields(Why)}
    monkeypatch.setattr(desk, "WHY", Why(**words))
    request = propose(run_of_ann, title=TURNED)

    found = pages(bob, *(f"/approvals/{request.pk}/{page}" for page in ("", "explain/")))

    assert_is_seen(found)
    # In the line above, and as question, answer, figure and query.
    assert found[0].count("ann <mark") >= 5


def test_in_what_became_of_it(run_of_ann, bob, outside):
    outside.behave = lambda: {"ticket_id": TURNED}
    done = approve(propose(run_of_ann), bob)
    settled(run_all())
    rejected = reject(propose(run_of_ann, call="call-2"), bob, TURNED)

    cards = [f"/approvals/{one.pk}/" for one in (done, rejected)]

    assert ActionRequest.objects.get(pk=done.pk).result == {"ticket_id": TURNED}
    assert_is_seen(pages(bob, *cards, "/approvals/history/"))
