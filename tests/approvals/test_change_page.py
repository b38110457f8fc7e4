"""Approving with changes in a browser: the form, its refusals, and what everybody sees after it."""

import pytest
from django.test import Client

from approvals.cards.card import render_card
from approvals.enums import Status
from approvals.models import ActionRequest
from approvals.rules.tightening import Condition, Operator, Rule
from atlas.common.db import in_db
from tests.approvals.desk import NoteArguments, approve, propose, reject
from tests.chat.sockets import Browser, running
from tests.hosted import host

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def form_of(request, **changes):
    return {
        "payload_hash": request.payload_hash,
        "argument-title": "Restock Chai",
        "argument-body": "",
        "argument-priority": "",
        **changes,
    }


def post(request, person, headers=None, **changes):
    path = f"/approvals/{request.pk}/change/"
    return client_of(person).post(path, form_of(request, **changes), headers=headers or {})


def newest():
    return ActionRequest.objects.first()


def test_the_form_shows_every_argument(run_of_ann, bob):
    request = propose(run_of_ann, body="Ten boxes")
    client = client_of(bob)

    page = client.get(f"/approvals/{request.pk}/change/?next=/c/7/").content.decode()
    part = client.get(f"/approvals/{request.pk}/change/", headers=HTMX).content.decode()

    assert "<html" in page
    assert "<html" not in part
    assert f'href="/c/7/#request-{request.pk}"' in page
    for text in (page, part):
        assert 'name="argument-title"' in text
        assert "Ten boxes" in text
        assert f'value="{request.payload_hash}"' in text
        assert ">high</option>" in text


def test_what_was_changed_is_approved_and_shown(main_loop, run_of_ann, ann, bob):
    old = propose(run_of_ann)

    answer = post(old, bob, **{"argument-priority": "high", "next": "/c/7/"})

    new = newest()
    assert (answer.status_code, answer["Location"]) == (302, f"/c/7/#request-{new.pk}")
    assert (new.supersedes_id, new.state) == (old.pk, Status.APPROVED)
    card = render_card(new, ann)
    assert "bob changed what was asked for:" in card
    assert "<del>not given</del>" in card
    assert "<ins>high</ins>" in card
    old.refresh_from_db()
    before = render_card(old, ann)
    assert f'<a href="/approvals/{new.pk}/">Show the new request</a>' in before


def test_a_dialog_has_its_page_loaded_again(main_loop, run_of_ann, bob):
    answer = post(propose(run_of_ann), bob, HTMX, **{"argument-body": "Now"})

    assert (answer.status_code, answer["HX-Refresh"]) == (200, "true")
    assert newest().arguments["body"] == "Now"


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"argument-title": ""}, 400, "This field is required."),
        ({"argument-title": "x" * 201}, 400, "at most 200 characters"),
        ({"argument-priority": "urgent"}, 400, "urgent is not one of the available choices."),
        ({}, 400, "Nothing is different."),
        ({"argument-body": "Now", "payload_hash": "0" * 64}, 409, "Read the card again."),
        ({"argument-body": "Now", "payload_hash": ""}, 409, "Read the card again."),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    main_loop, run_of_ann, bob, changes, code, said, headers
):
    request = propose(run_of_ann)
    answer = post(request, bob, headers, **changes)

    page = answer.content.decode()
    assert answer.status_code == code
    assert said in page
    for name, value in changes.items():
        if name in ("argument-title", "argument-body"):
            assert value in page
    assert (newest(), newest().state) == (request, Status.PENDING)


def test_the_plugins_own_rule_is_told_at_its_field(main_loop, run_of_ann, bob, monkeypatch):
    request = propose(run_of_ann)
    real = NoteArguments.model_json_schema()
    loose = {**real, "properties": {**real["properties"], "title": {"type": "string"}}}
    monkeypatch.setattr(NoteArguments, "model_json_schema", lambda: loose)

    page = post(request, bob, **{"argument-title": "x" * 300}).content.decode()

    at_title = page.partition('name="argument-title"')[2].partition("</ul>")[0]
    assert "At most 200 characters fit" in at_title


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("vic", 403, "Viewers can read requests, but not decide them."),
        ("ada", 404, ""),
        ("stranger", 302, ""),
    ],
)
def test_who_may_not_decide_gets_no_form(request, run_of_ann, name, code, said, method):
    asked = propose(run_of_ann)
    client = Client() if name == "stranger" else client_of(request.getfixturevalue(name))

    answer = getattr(client, method)(f"/approvals/{asked.pk}/change/")

    assert answer.status_code == code
    assert said in answer.content.decode()
    assert "argument-title" not in answer.content.decode()


def test_what_is_decided_or_gone_gets_no_form(run_of_ann, ann, bob):
    decided, waiting = propose(run_of_ann), propose(run_of_ann, call="call-2", title="Two")
    reject(decided, ann)

    first = client_of(bob).get(f"/approvals/{decided.pk}/change/")
    host()
    second = client_of(bob).get(f"/approvals/{waiting.pk}/change/")

    assert (first.status_code, second.status_code) == (409, 409)
    assert "Rejected by ann" in first.content.decode()
    assert (
        "The action is not available any more. Reject the request, or enable its plugin."
        in second.content.decode()
    )


def test_votes_and_rules_are_on_the_card(run_of_ann, ann, bob, policy):
    policy(rules=(Rule("big orders", approvals=2),))
    request = propose(run_of_ann)

    assert "0 of 2 approvals." in render_card(request, bob)
    approve(request, ann)
    request.refresh_from_db()

    card = render_card(request, bob)
    assert "1 of 2 approvals: ann." in card
    assert "The rule “big orders” applies." in card


def shown(browser):
    cards = [node for node in browser.page.walk() if node.tag == "article"]
    return [
        (node.attributes["id"], node.attributes["data-status"])
        for node in cards
        if node.attributes["id"].startswith("request-")
    ]


async def test_everybody_sees_the_new_version_below_the_old_one(main_loop, run_of_ann, ann, bob):
    old = await in_db(propose, run_of_ann)
    html = await in_db(lambda: client_of(ann).get(f"/approvals/{old.pk}/").content.decode())

    async with running(), Browser(ann, html) as browser:
        answer = await in_db(lambda: post(old, bob, **{"argument-body": "Now"}))
        assert answer.status_code == 302
        new = await in_db(newest)
        wanted = [(f"request-{old.pk}", "superseded"), (f"request-{new.pk}", "approved")]
        await browser.until(lambda b: shown(b) == wanted)


async def test_a_page_from_before_the_change_catches_up(main_loop, run_of_ann, ann, bob, policy):
    high = Condition("priority", Operator.IS, "high")
    policy(rules=(Rule("two", conditions=(high,), approvals=2),))
    old = await in_db(propose, run_of_ann)
    html = await in_db(lambda: client_of(ann).get(f"/approvals/{old.pk}/").content.decode())
    await in_db(lambda: post(old, bob, **{"argument-priority": "high"}))
    new = await in_db(newest)

    async with running(), Browser(ann, html) as browser:
        wanted = [(f"request-{old.pk}", "superseded"), (f"request-{new.pk}", "pending")]
        await browser.until(lambda b: shown(b) == wanted)
        await in_db(approve, new, ann)
        approved = [wanted[0], (f"request-{new.pk}", "approved")]
        await browser.until(lambda b: shown(b) == approved)
