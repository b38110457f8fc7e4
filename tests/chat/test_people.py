"""Who takes part, on a page and in a dialog: everybody reads it, the owner changes it."""

import pytest
from django.test import Client

from atlas.conversations.models import Participant, Run
from tests.chat.conftest import ask

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def place(ann, bob, vic):
    """The address of ann's conversation, in which bob takes part."""
    conversation = ask(ann, "How much?").run.conversation
    Participant.objects.create(conversation=conversation, user=bob)
    return f"/c/{conversation.pk}/people/"


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def test_a_question_of_a_colleague_carries_their_name(ann, bob, place):
    first = Run.objects.get()
    first.question.user = bob
    first.question.save()

    shown = {}
    for who in (ann, bob):
        page = client_of(who).get(place.removesuffix("people/")).content.decode()
        asked = page[page.index(f'id="question-{first.question_id}"') :]
        shown[who.username] = " ".join(asked[: asked.index("</div>")].split())

    assert "bob ·" in shown["ann"]
    assert "bob" not in shown["bob"]


def rights():
    rows = Participant.objects.order_by("user__username")
    return {row.user.username: row.may_write for row in rows.select_related("user")}


def test_everybody_in_it_sees_who_takes_part(ann, bob, place):
    for who in (ann, bob):
        page = client_of(who).get(place).content.decode()
        assert page.index("ann") < page.index("owner")
        assert "asks and decides" in page
        assert ("Remove" in page) is (who == ann)
        assert ("Leave" in page) is (who == bob)
        assert ('name="username"' in page) is (who == ann)
        thread = client_of(who).get(place.removesuffix("people/")).content.decode()
        assert "2 people" in thread
        assert "People…" in thread
        assert ("Rename…" in thread) is (who == ann)


@pytest.mark.parametrize("page", ["people", "rename", "delete"])
def test_a_part_is_never_kept_for_the_page_of_the_same_address(ann, place, page):
    address = place.replace("people", page)

    whole, part = (client_of(ann).get(address, headers=headers) for headers in ({}, HTMX))

    assert ["<html" in one.content.decode() for one in (whole, part)] == [True, False]
    for answer in (whole, part):
        assert {"HX-Request", "HX-Boosted"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(("right", "may_write"), [("read", False), ("write", True)])
def test_the_owner_lets_a_colleague_in(ann, vic, place, right, may_write, headers):
    data = {"username": " vic ", "right": right}

    answer = client_of(ann).post(place, data, headers=headers)

    assert rights() == {"ann": True, "bob": True, "vic": may_write}
    if headers:
        assert "vic" in answer.content.decode()
        assert "<html" not in answer.content.decode()
    else:
        assert (answer.status_code, answer["Location"]) == (302, place)
    assert client_of(vic).get(place).status_code == 200


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"username": "", "right": "read"}, "Type the user name of a colleague."),
        ({"username": "nobody", "right": "read"}, "There is no active person"),
        ({"username": "ann", "right": "read"}, "You take part already, as the owner."),
        ({"username": "vic", "right": "rule"}, "rule is not one of the available choices."),
        ({"username": "x" * 151, "right": "read"}, "at most 150 characters"),
    ],
)
def test_what_cannot_be_done_is_said_at_its_field(ann, place, data, said, headers):
    answer = client_of(ann).post(place, data, headers=headers)

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert data["username"] in answer.content.decode()
    assert rights() == {"ann": True, "bob": True}


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_owner_takes_a_colleague_out(ann, bob, place, headers):
    answer = client_of(ann).post(f"{place}{bob.pk}/remove/", headers=headers)

    assert rights() == {"ann": True}
    assert answer.status_code == (200 if headers else 302)
    assert client_of(bob).get(place).status_code == 404


@pytest.mark.parametrize(("headers", "where"), [({}, "Location"), (HTMX, "HX-Redirect")])
def test_a_colleague_leaves(bob, place, headers, where):
    client = client_of(bob)

    answer = client.post(f"{place}{bob.pk}/remove/", headers=headers)

    assert (answer[where], rights()) == ("/", {"ann": True})
    assert "You left" in client.get("/").content.decode()


def test_the_owner_stays(ann, place):
    answer = client_of(ann).post(f"{place}{ann.pk}/remove/", follow=True)

    assert "The owner stays." in answer.content.decode()
    assert rights() == {"ann": True, "bob": True}


@pytest.mark.parametrize(
    ("name", "code"), [("bob", 404), ("vic", 404), ("ada", 404), ("stranger", 302)]
)
def test_others_change_nothing(request, place, ann, name, code):
    client = Client() if name == "stranger" else client_of(request.getfixturevalue(name))

    added = client.post(place, {"username": "vic", "right": "write"})
    removed = client.post(f"{place}{ann.pk}/remove/")

    assert (added.status_code, removed.status_code) == (code, code)
    assert rights() == {"ann": True, "bob": True}
    if name != "bob":
        assert client.get(place).status_code == code
