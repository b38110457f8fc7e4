"""What a person found out about an unknown outcome, posted from its card."""

import pytest
from django.test import Client

from approvals.cards.card import render_card
from approvals.enums import Status
from approvals.execution import claims, endings, preflight
from plugins_app.host.facets import actions
from tests.approvals.desk import approve, propose

pytestmark = pytest.mark.django_db


@pytest.fixture
def unknown(run_of_ann, bob):
    request = propose(run_of_ann)
    approve(request, bob)
    (claim,) = claims.claim("tester", slots=1)
    preflight.begin(claim, actions.find(request.action), True)
    assert endings.finish(claim, endings.unknown("action_unknown", "It did not answer."))
    request.refresh_from_db()
    assert request.state is Status.UNKNOWN
    return request


def post(request, person, **fields):
    client = Client()
    client.force_login(person)
    return client.post(f"/approvals/{request.pk}/found/", fields, headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    ("happened", "status", "said"),
    [
        ("yes", Status.EXECUTED, "bob checked, and it was done: “Ticket 7 is there”"),
        ("no", Status.FAILED, "bob checked, and it was not done: “Ticket 7 is there”"),
    ],
)
def test_the_card_says_what_was_found(unknown, bob, happened, status, said):
    answer = post(unknown, bob, happened=happened, note="Ticket 7 is there")

    unknown.refresh_from_db()
    assert (answer.status_code, unknown.state) == (200, status)
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("bob", {"happened": "yes", "note": " "}, 400),
        ("bob", {"happened": "perhaps", "note": "x"}, 400),
        ("bob", {"note": "x"}, 400),
        ("vic", {"happened": "yes", "note": "x"}, 403),
        ("ada", {"happened": "yes", "note": "x"}, 404),
    ],
)
def test_what_is_not_clear_or_not_allowed_changes_nothing(request, unknown, name, fields, code):
    answer = post(unknown, request.getfixturevalue(name), **fields)

    unknown.refresh_from_db()
    assert (answer.status_code, unknown.state) == (code, Status.UNKNOWN)


def test_a_decided_card_says_what_was_changed_first(unknown, ann):
    unknown.changes = [{"label": "Priority", "before": "low", "after": "high"}]
    unknown.changed_by_name = "bob"

    card = render_card(unknown, ann)
    assert "bob changed what was asked for:" in card
    assert "<del>low</del>" in card
    assert "<ins>high</ins>" in card
