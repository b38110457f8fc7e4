"""The hash of what is withheld is withheld too: a value could be guessed and compared with it."""

import json

import pytest
from django.test import Client

from approvals import services
from approvals.cards.withholding import as_seen_by
from approvals.enums import Status
from approvals.errors import Conflict
from approvals.filing.payloads import make_payload
from tests.approvals.hidden import propose_after_reading, show_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_hidden():
    yield
    show_all()


@pytest.fixture
def waiting(desk, outside, ann, bob):
    desk(data_fields=("title", "body"))
    return propose_after_reading(ann, bob)


def guess(title):
    arguments = {"title": title, "body": "", "priority": None}
    return make_payload("note", arguments).digest


def shown_to(person):
    client = Client()
    client.force_login(person)
    (one,) = client.get("/api/v1/actions/").json()["actions"]
    page = client.get(f"/approvals/{one['id']}/").content.decode()
    return one, page


def test_a_guessed_value_cannot_be_compared_with_what_is_shown(waiting, ann, bob):
    one, page = shown_to(bob)

    assert waiting.payload_hash == guess("Restock Chai")
    assert "Restock Chai" not in json.dumps(one) + page
    assert waiting.payload_hash not in json.dumps(one) + page
    assert one["payload_hash"] in page


def test_what_is_shown_instead_decides_this_request_and_no_other(waiting, ann, bob):
    other = propose_after_reading(ann, bob)
    seal = as_seen_by(waiting, bob).payload_hash

    with pytest.raises(Conflict):
        services.approve(other.pk, by=bob, payload_hash=seal)
    approved = services.approve(waiting.pk, by=bob, payload_hash=seal)

    assert approved.state is Status.APPROVED
    assert services.approve(waiting.pk, by=bob, payload_hash=seal).state is Status.APPROVED


def test_the_admin_pages_neither_show_the_hash_nor_find_by_it(waiting, ada):
    client = Client()
    client.force_login(ada)

    page = client.get(f"/admin/approvals/actionrequest/{waiting.pk}/change/").content.decode()
    found = client.get("/admin/approvals/actionrequest/", {"q": guess("Restock Chai")})

    assert str(waiting.conversation_id) in page
    assert waiting.payload_hash not in page
    assert list(found.context["cl"].result_list) == []
