"""Comments, undoing and asking the other system, posted from a card."""

import pytest

from approvals.cards.card import render_card
from approvals.enums import Status
from approvals.execution import claims, endings, preflight
from plugins_app.host.facets import actions
from plugins_app.sdk import Reconciled
from tests.approvals.desk import approve, propose
from tests.approvals.test_change_page import HTMX, client_of

pytestmark = pytest.mark.django_db(transaction=True)


def post(request, person, verb, headers=None, **fields):
    data = {"payload_hash": request.payload_hash, **fields}
    return client_of(person).post(f"/approvals/{request.pk}/{verb}/", data, headers=headers or {})


def ended(run, by, ending, action="note"):
    request = propose(run, action)
    approve(request, by)
    (claim,) = claims.claim("tester", slots=1)
    preflight.begin(claim, actions.find(action), True)
    assert endings.finish(claim, ending)
    request.refresh_from_db()
    return request


@pytest.fixture
def reversible(desk, run_of_ann, bob):
    desk(roll_back=lambda _result, _ctx: {}, reversible=True)
    return ended(run_of_ann, bob, endings.executed({"ticket_id": "T-1"}))


def test_a_comment_is_on_the_card_of_everybody(run_of_ann, ann, bob, vic):
    request = propose(run_of_ann)

    plain = post(request, bob, "comment", text="Ten boxes\n<b>please</b>", next="/c/7/")
    part = post(request, ann, "comment", HTMX, text="Why not twelve?")

    assert (plain.status_code, plain["Location"]) == (302, f"/c/7/#request-{request.pk}")
    for card in (part.content.decode(), render_card(request, vic)):
        assert "Ten boxes\n&lt;b&gt;please&lt;/b&gt;" in card
        assert card.index("Ten boxes") < card.index("Why not twelve?")
    assert "Send the comment" not in render_card(request, vic)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("bob", " ", 400, "Write what you want to say"),
        ("bob", "x" * 2001, 400, "at most 2000 characters"),
        ("vic", "Hello", 403, "Viewers can read requests, but not comment on them."),
        ("ada", "Hello", 404, ""),
    ],
)
def test_a_refused_comment_is_not_lost(request, run_of_ann, name, text, code, said, headers):
    asked = propose(run_of_ann)

    answer = post(asked, request.getfixturevalue(name), "comment", headers, text=text)

    page = answer.content.decode()
    assert answer.status_code == code
    assert said in page
    assert asked.comments.count() == 0
    if name == "bob":
        assert f">{text}</textarea>" in page


def test_what_was_done_is_undone_after_a_second_look(reversible, bob):
    card = render_card(reversible, bob)
    assert "Undo…" in card
    assert "Can be undone." in card

    answer = post(reversible, bob, "undo", HTMX)

    reversible.refresh_from_db()
    assert (answer.status_code, reversible.state) == (200, Status.ROLLING_BACK)
    assert "It was done and is being rolled back." in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "changes", "code"),
    [
        ("vic", {}, 403),
        ("ada", {}, 404),
        ("bob", {"payload_hash": "0" * 64}, 409),
        ("bob", {"payload_hash": ""}, 400),
    ],
)
def test_who_may_not_undo(request, reversible, name, changes, code):
    answer = post(reversible, request.getfixturevalue(name), "undo", **changes)

    reversible.refresh_from_db()
    assert (answer.status_code, reversible.state) == (code, Status.EXECUTED)


def test_what_cannot_be_undone_has_no_button(run_of_ann, bob, vic, desk):
    request = ended(run_of_ann, bob, endings.executed({}))

    assert "Undo…" not in render_card(request, bob)
    assert post(request, bob, "undo").status_code == 409


UNKNOWN = ("action_unknown", "It did not answer.")


@pytest.mark.parametrize(
    ("knows", "code", "status"),
    [
        (Reconciled("executed", {"message": "Ticket 7 is there"}), 200, Status.EXECUTED),
        (Reconciled("failed"), 200, Status.FAILED),
        (Reconciled("unknown"), 409, Status.UNKNOWN),
    ],
)
def test_the_other_system_is_asked(main_loop, run_of_ann, bob, outside, knows, code, status):
    request = ended(run_of_ann, bob, endings.unknown(*UNKNOWN), "ask")
    assert "Ask the other system" in render_card(request, bob)
    outside.knows = knows

    answer = post(request, bob, "ask-again", HTMX)

    request.refresh_from_db()
    assert (answer.status_code, request.state) == (code, status)


def test_who_may_not_ask_the_other_system(run_of_ann, bob, vic, ada, main_loop):
    request = ended(run_of_ann, bob, endings.unknown(*UNKNOWN), "ask")
    assert "Ask the other system" not in render_card(request, vic)
    once = ended(run_of_ann, bob, endings.unknown(*UNKNOWN))
    assert "Ask the other system" not in render_card(once, bob)

    assert [post(request, who, "ask-again").status_code for who in (vic, ada)] == [403, 404]
    assert post(once, bob, "ask-again").status_code == 409


@pytest.mark.parametrize("verb", ["change", "comment", "undo", "ask-again"])
def test_these_need_a_person_and_a_post(client, run_of_ann, bob, verb):
    request = propose(run_of_ann)

    stranger = client.post(f"/approvals/{request.pk}/{verb}/")
    assert stranger["Location"].startswith("/accounts/login/")
    if verb != "change":
        assert client_of(bob).get(f"/approvals/{request.pk}/{verb}/").status_code == 405
