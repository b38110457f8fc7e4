"""What each viewer reads on a card in each status, and what the card must never do."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from approvals import services
from approvals.cards.card import Around, render_card
from approvals.cards.faces import FACES
from approvals.enums import Mode, Status
from approvals.execution import claims, endings, preflight
from approvals.models import ActionRequest
from approvals.templatetags.approval_cards import left
from plugins_app.host.facets import actions
from tests.approvals.desk import TABLE, approve, propose, reject

pytestmark = pytest.mark.django_db


class _Reader(HTMLParser):
    """Collects the words, the elements and the buttons of a card."""

    def __init__(self):
        super().__init__()
        self.words, self.starts, self.buttons = [], [], []
        self._in_button = False

    def handle_starttag(self, tag, attrs):
        self.starts.append((tag, dict(attrs)))
        self._in_button = tag == "button" or "button" in (dict(attrs).get("class") or "").split()

    def handle_data(self, data):
        if data.strip():
            self.words.append(data.strip())
            if self._in_button:
                self.buttons.append(data.strip())
        self._in_button = False


def read(request, viewer, **options):
    reader = _Reader()
    reader.feed(render_card(ActionRequest.objects.get(pk=request.pk), viewer, Around(**options)))
    reader.text = re.sub(r"\s+", " ", " ".join(reader.words))
    return reader


def bring_to(request, status, people):
    """Take a new request to a status by the doors that people and executors use."""
    if status is Status.REJECTED:
        return reject(request, people["bob"], "Enough in stock")
    if status is Status.WITHDRAWN:
        return services.withdraw(request.pk, by=people["ann"])
    if status is Status.EXPIRED:
        ActionRequest.objects.update(expires_at=Now())
        return services.sweep()
    if status is Status.PENDING:
        return None
    approve(request, people["bob"])
    if status is Status.LAPSED:
        ActionRequest.objects.update(run_before=Now())
        return services.sweep()
    if status is Status.APPROVED:
        return None
    claim = claims.claim("tester", slots=1)[0]
    preflight.begin(claim, actions.find(request.action), True)
    ending = {
        Status.EXECUTED: endings.executed({"ticket_id": "T-1", "url": "https://desk.test/T-1"}),
        Status.FAILED: endings.failed("action_failed", "The queue is closed."),
        Status.UNKNOWN: endings.unknown("action_unknown", "The desk did not answer."),
    }.get(status)
    return ending and endings.finish(claim, ending)


@pytest.fixture
def people(ann, bob, vic, ada):
    return {"ann": ann, "bob": bob, "vic": vic, "ada": ada}


TICKET = "Create the ticket “Restock Chai”"
MANUAL = "by somebody in the conversation"
BUTTONS = {
    (Status.PENDING, "ann"): [
        "Withdraw",
        "Change…",
        "Reject…",
        "Reject",
        "Approve and create ticket",
    ],
    (Status.PENDING, "bob"): ["Change…", "Reject…", "Reject", "Approve and create ticket"],
    (Status.APPROVED, "ann"): ["Withdraw"],
    (Status.UNKNOWN, "ann"): ["It did not happen", "It happened"],
    (Status.UNKNOWN, "bob"): ["It did not happen", "It happened"],
}
FACTS = {
    Status.PENDING: [
        MANUAL,
        "expires in 1",
        "Cannot be undone. Waiting for: ann or bob.",
        "Attachment top.csv · 2 rows",
    ],
    Status.APPROVED: ["Approved by bob; it runs in a moment.", "just now"],
    Status.REJECTED: ["Rejected by bob: “Enough in stock”. Nothing was done.", "just now"],
    Status.WITHDRAWN: ["Withdrawn by ann. Nothing was done."],
    Status.EXPIRED: ["Nobody decided in time, so nothing was done."],
    Status.LAPSED: ["Approved by bob, but not carried out. It could not run in time. Ask again"],
    Status.EXECUTING: ["Approved by bob; it is in progress."],
    Status.EXECUTED: ["Approved by bob, and done.", "Ticket ID T-1", "Link https://desk.test/T-1"],
    Status.FAILED: ["Approved by bob, but it failed and nothing was done. The queue is closed."],
    Status.UNKNOWN: [
        "Approved by bob, but it is not known whether it happened. The desk did not answer. "
        "Check in the other system before you ask again.",
    ],
}


@pytest.mark.parametrize("name", ["ann", "bob", "vic"])
@pytest.mark.parametrize("status", FACTS)
def test_card_of_a_manual_request(people, run_of_ann, status, name):
    request = propose(run_of_ann, attachments=(TABLE,))
    bring_to(request, status, people)

    card = read(request, people[name])

    root, attributes = card.starts[0]
    assert (root, attributes["id"]) == ("article", f"request-{request.pk}")
    assert attributes["data-status"] == status.value
    assert attributes["class"] == f"request {FACES[status].tone}"
    comment = [] if name == "vic" else ["Send the comment"]
    assert card.buttons == comment + BUTTONS.get((status, name), [])
    for fact in [TICKET, "Restock Chai", "Asked by ann", *FACTS[status]]:
        assert fact in card.text
    assert status.label.capitalize() in card.text


SENTENCE = {
    ("note", "ann"): "You take part in this conversation, so you can decide.",
    ("note", "bob"): "You take part in this conversation, so you can decide.",
    ("note", "vic"): "Viewers can read requests, but not decide them.",
    ("mail", "ann"): "Only an admin can decide this request.",
    ("mail", "bob"): "Only an admin can decide this request.",
    ("mail", "vic"): "Viewers can read requests, but not decide them.",
    ("mail", "ada"): "You are an admin and did not ask for this, so you can decide.",
}


@pytest.mark.parametrize(("action", "name"), SENTENCE)
def test_the_card_says_why_you_can_or_cannot_decide(people, run_of_ann, action, name):
    card = read(propose(run_of_ann, action), people[name])

    assert SENTENCE[action, name] in card.text
    can = SENTENCE[action, name].endswith("so you can decide.")
    assert ("Approve and create ticket" in card.buttons) is can
    waits_for = {"note": "Waiting for: ann or bob.", "mail": "Waiting for: ada."}
    assert waits_for[action] in card.text


def test_an_admin_who_alone_asked_reads_the_way_out(run_of_ann, ann):
    type(ann).objects.filter(pk=ann.pk).update(role="admin", is_staff=True)
    ann.refresh_from_db()

    card = read(propose(run_of_ann, "mail"), ann)

    assert "Waiting for: nobody; there is no one who may decide this." in card.text
    assert "Make a second person admin, or set approvals.admin_self_approval." in card.text
    assert card.buttons == ["Send the comment", "Withdraw"]


@pytest.mark.parametrize(
    ("count", "listed"),
    [(1, "ada"), (2, "ada or x1"), (3, "ada, x1 or x2"), (5, "ada, x1, x2 or 2 more")],
)
def test_who_is_waited_for_is_named_up_to_three(run_of_ann, ada, django_user_model, count, listed):
    for number in range(1, count):
        django_user_model.objects.create_user(f"x{number}", role="admin")

    assert f"Waiting for: {listed}." in read(propose(run_of_ann, "mail"), ada).text


def test_every_field_is_whole_and_says_its_length(run_of_ann, ann):
    body = "Ten boxes. " * 1000

    card = read(propose(run_of_ann, body=body, attachments=(TABLE,)), ann)

    assert body.strip() in " ".join(card.words)
    assert "11000 characters" in card.text.replace(",", "")
    assert "Priority not given" in card.text
    assert "top.csv · 2 rows" in card.text
    assert "product revenue Chai 12 =Tofu 7" in card.text


def test_the_card_shows_the_snapshot_of_why(run_of_ann, ann):
    text = read(propose(run_of_ann), ann).text

    assert "Question Create a ticket to restock Chai" in text
    assert "Answer Chai is out of stock." in text
    assert "Figure Units in stock" in text
    assert "Query SELECT 1" in text


@pytest.mark.parametrize(("name", "linked"), [("ann", True), ("ada", False)])
def test_only_participants_are_led_to_the_conversation(people, run_of_ann, name, linked):
    card = read(propose(run_of_ann, "mail"), people[name])

    assert ("Open the conversation" in card.text) is linked
    assert (str(run_of_ann.conversation_id) in str(card.starts)) is linked


def test_text_from_data_is_only_text(run_of_ann, ann):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"

    drawn = render_card(propose(run_of_ann, title=attack, body=attack), ann)

    assert "<script" not in drawn
    assert "<img" not in drawn
    assert "&lt;script&gt;" in drawn


def test_the_card_needs_no_inline_script_or_style(run_of_ann, ann):
    drawn = render_card(propose(run_of_ann), ann)

    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|javascript:", drawn)


def test_forms_carry_the_hash_and_what_a_plain_post_needs(run_of_ann, bob):
    request = propose(run_of_ann)
    card = read(request, bob, csrf_token="token", next_url="/c/1/?a=b")

    forms = [attributes for tag, attributes in card.starts if tag == "form"]
    hidden = [a for tag, a in card.starts if tag == "input" and a.get("type") == "hidden"]
    assert [(form["method"], form["action"]) for form in forms] == [
        ("post", f"/approvals/{request.pk}/comment/"),
        ("post", f"/approvals/{request.pk}/reject/"),
        ("post", f"/approvals/{request.pk}/approve/"),
    ]
    assert all(form["hx-post"] == form["action"] for form in forms)
    assert all(form["hx-target"] == f"#request-{request.pk}" for form in forms)
    values = [(one["name"], one["value"]) for one in hidden]
    expected = [
        ("csrfmiddlewaretoken", "token"),
        ("next", "/c/1/?a=b"),
        ("payload_hash", request.payload_hash),
    ]
    assert values == expected * 3


@pytest.mark.parametrize(
    ("action", "changes", "note"),
    [
        ("ping", {"untrusted": True}, "because the agent had read data before it proposed this."),
        ("note", {}, "asks for a stricter decision than the action itself."),
    ],
)
def test_the_card_says_why_it_is_stricter(run_of_ann, ann, policy, action, changes, note):
    policy(modes={"note": Mode.ADMIN_ONLY})

    assert note in read(propose(run_of_ann, action, **changes), ann).text


def test_an_automatic_request_names_the_policy(run_of_ann, ann):
    card = read(propose(run_of_ann, "ping"), ann)

    assert "Approved by the policy of this action; it runs in a moment." in card.text
    assert card.buttons == ["Send the comment", "Withdraw"]


def test_a_notice_is_an_alert(run_of_ann, ann):
    card = read(propose(run_of_ann), ann, notice="Somebody was faster.")

    assert ("p", {"class": "banner failed", "role": "alert"}) in card.starts
    assert "Somebody was faster." in card.text


def test_every_status_has_a_face():
    assert set(FACES) == set(Status)
    assert {face.tone for face in FACES.values()} == {
        "waiting",
        "done",
        "failed",
        "unknown",
        "closed",
    }


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=7) - timedelta(seconds=1), "1\xa0week"),
        (timedelta(days=6, hours=1), "6\xa0days"),
        (timedelta(hours=23, minutes=50), "1\xa0day"),
        (timedelta(hours=5, minutes=10), "5\xa0hours"),
    ],
)
def test_the_time_left_is_rounded(span, text):
    assert left(timezone.now() + span) == text
