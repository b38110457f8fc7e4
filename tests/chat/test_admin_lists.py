"""Conversations and runs in Django admin: whose and in which status, and nothing that was said."""

import pytest
from django.test import Client

from atlas.conversations import places
from atlas.conversations.models import Conversation, Message, Participant
from tests.chat.conftest import ask

pytestmark = pytest.mark.django_db
LISTS = {"conversation": "/admin/conversations/conversation/", "run": "/admin/conversations/run/"}


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def asked(ann, bob):
    """A conversation with a title of its own, so that its question can be told from it."""
    writer = ask(ann, "How much did we pay Smith?")
    writer.say("A secret figure")
    writer.write(("done", {}))
    Conversation.objects.update(title="Costs")
    Participant.objects.create(conversation_id=writer.run.conversation_id, user=bob)
    return writer


def pages_of(client, asked):
    keys = {"conversation": asked.run.conversation_id, "run": asked.run.pk}
    for name, address in LISTS.items():
        for path in (address, f"{address}{keys[name]}/change/"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            yield answer.content.decode()


def test_an_admin_sees_whose_and_in_which_status(ada, asked):
    for page in pages_of(client_of(ada), asked):
        assert str(asked.run.conversation_id) in page
        assert "ann" in page
        assert "Done" in page


def test_a_title_is_for_admins_who_take_part(ada, asked):
    for page in pages_of(client_of(ada), asked):
        assert "Costs" not in page
    Participant.objects.create(conversation_id=asked.run.conversation_id, user=ada, may_write=False)

    for page in pages_of(client_of(ada), asked):
        assert "Costs" in page


def test_nothing_that_was_said_is_shown(ada, asked):
    for page in pages_of(client_of(ada), asked):
        for message in Message.objects.all():
            assert message.text
            assert message.text not in page


@pytest.mark.parametrize("verb", ["add", "change", "delete"])
def test_nobody_changes_them(ada, asked, verb):
    client = client_of(ada)
    keys = {"conversation": asked.run.conversation_id, "run": asked.run.pk}
    for name, address in LISTS.items():
        path = f"{address}add/" if verb == "add" else f"{address}{keys[name]}/{verb}/"
        assert client.post(path, {"title": "x", "status": "failed"}).status_code == 403
    assert Conversation.objects.get().title == "Costs"


@pytest.mark.parametrize("name", ["ann", "vic"])
def test_others_do_not_come_in(request, asked, name):
    client = client_of(request.getfixturevalue(name))

    assert {client.get(address).status_code for address in LISTS.values()} == {302}


@pytest.mark.parametrize(
    ("query", "found"),
    [("?q=Costs", False), ("?q=ann", True), ("?q=bob", True), ("?q=Smith", False)],
)
def test_conversations_are_found_by_person(ada, asked, query, found):
    page = client_of(ada).get(LISTS["conversation"] + query).content.decode()

    assert ("1 conversation" in page) is found


@pytest.mark.parametrize("guess", ["title=Costs", "title__startswith=C", "title__gte=C"])
def test_a_title_cannot_be_guessed_by_narrowing_the_list(ada, asked, guess):
    assert client_of(ada).get(f"{LISTS['conversation']}?{guess}").status_code == 400


def test_lists_are_narrowed_by_their_own_filters(ada, asked):
    page = client_of(ada).get(f"{LISTS['run']}?status__exact=failed").content.decode()

    assert "0 runs" in page


def test_nobody_is_told_titles_to_complete_what_is_typed(ada, asked):
    field = "app_label=conversations&model_name=run&field_name=conversation"

    answer = client_of(ada).get(f"/admin/autocomplete/?{field}&term=")

    assert answer.status_code == 404


def test_a_long_list_needs_no_more_queries(ada, ann, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(places, "MAX_RUNNING", 12)
    for _ in range(12):
        ask(ann)
    client = client_of(ada)

    for address in LISTS.values():
        with django_assert_max_num_queries(8):
            client.get(address)
