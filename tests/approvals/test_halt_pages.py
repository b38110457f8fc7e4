"""The kill switch on pages: who may use it, and what everybody reads while it is in force."""

import pytest
from django.test import Client

from approvals import halting
from approvals.models import Halt
from atlas.chat.facts import Reader, gather
from atlas.chat.rendering import render_answer
from atlas.chat.threads import view_of
from atlas.conversations.services import ask
from atlas.conversations.thread import load_thread
from tests.approvals.test_change_page import client_of

pytestmark = pytest.mark.django_db

LIST = "/admin/approvals/halt/"
WORDS = "Wrong mails go out"


def test_an_admin_stops_everything_and_lets_it_go_on(ada):
    client = client_of(ada)

    page = client.get(f"{LIST}add/").content.decode()
    assert "Everybody reads it." in page
    stopped = client.post(f"{LIST}add/", {"reason": WORDS}, follow=True).content.decode()
    assert "Everything is stopped." in stopped
    assert halting.in_force().reason == WORDS
    assert halting.in_force().ordered_by_name == "ada"
    assert "Let everything go on…" in stopped

    asked = client.get(f"{LIST}lift/").content.decode()
    assert WORDS in asked
    assert halting.in_force() is not None
    lifted = client.post(f"{LIST}lift/", follow=True).content.decode()
    assert "Everything goes on." in lifted
    assert halting.in_force() is None
    assert Halt.objects.get().lifted_by_name == "ada"


def test_the_button_says_what_it_does(ada):
    page = client_of(ada).get(f"{LIST}add/").content.decode()

    assert 'value="Stop everything"' in page
    assert "Save and" not in page


def test_history_is_only_read(ada):
    order = halting.halt(by=ada, reason=WORDS)
    client = client_of(ada)

    page = client.get(f"{LIST}{order.pk}/change/").content.decode()

    assert WORDS in page
    assert 'name="_save"' not in page
    assert client.post(f"{LIST}{order.pk}/change/", {"reason": "x"}).status_code == 403
    assert client.post(f"{LIST}{order.pk}/delete/", {"post": "yes"}).status_code == 403
    order.refresh_from_db()
    assert order.reason == WORDS


@pytest.mark.parametrize(
    ("reason", "said"),
    [("  ", "This field is required."), ("x" * 501, "at most 500 characters")],
)
def test_an_order_needs_a_reason(ada, reason, said):
    answer = client_of(ada).post(f"{LIST}add/", {"reason": reason})

    assert said in answer.content.decode()
    assert halting.in_force() is None


def test_a_second_order_is_refused_with_words(ada, abe):
    halting.halt(by=abe, reason=WORDS)

    page = client_of(ada).post(f"{LIST}add/", {"reason": "Again"}, follow=True).content.decode()

    assert "Everything is stopped already; nothing more is needed." in page
    assert halting.in_force().reason == WORDS


@pytest.mark.parametrize("name", ["ann", "vic", "stranger"])
@pytest.mark.parametrize("path", [LIST, f"{LIST}add/", f"{LIST}lift/"])
def test_others_can_do_neither(request, ada, name, path):
    order = halting.halt(by=ada, reason=WORDS) if path.endswith("lift/") else None
    client = Client() if name == "stranger" else client_of(request.getfixturevalue(name))

    codes = {client.get(path).status_code, client.post(path, {"reason": "x"}).status_code}

    assert codes == {302}
    assert halting.in_force() == order


@pytest.mark.parametrize("path", ["/", "/approvals/", "/accounts/profile/"])
def test_every_page_says_so_to_people_who_are_signed_in(ann, ada, path):
    halting.halt(by=ada, reason=f"{WORDS} <b>")
    said = f"“{WORDS} &lt;b&gt;”"

    assert said in client_of(ann).get(path).content.decode()
    assert WORDS not in Client().get(path, follow=True).content.decode()
    halting.lift(by=ada)
    assert "has stopped all agents" not in client_of(ann).get(path).content.decode()


def test_admin_pages_say_so(ada):
    halting.halt(by=ada, reason=WORDS)

    assert WORDS in client_of(ada).get("/admin/").content.decode()


def test_a_question_that_waits_says_for_what(ann, ada):
    halting.halt(by=ada, reason=WORDS)
    run = ask(ann, "What was our revenue?")

    def shown():
        views = [view_of(turn) for turn in load_thread(run.conversation)]
        reader = Reader(ann, may_ask=True)
        return render_answer(views[-1], reader, gather(views, reader))

    assert "Waiting until an admin lifts the order" in shown()
    halting.lift(by=ada)
    assert "Waiting to start" in shown()
