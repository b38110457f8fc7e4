"""Decisions over HTTP: plain posts, htmx, and everything that must be refused."""

import pytest
from django.test import Client

from approvals.enums import Status
from approvals.models import ActionRequest
from tests.approvals.desk import approve, propose, reject, start_run

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(ann, bob, vic, ada, django_user_model):
    eve = django_user_model.objects.create_user("eve", role="analyst")
    return {"ann": ann, "bob": bob, "vic": vic, "ada": ada, "eve": eve}


def client_of(person, **options):
    client = Client(**options)
    client.force_login(person)
    return client


def address(request, verb=""):
    return f"/approvals/{request.pk}/{verb}/" if verb else f"/approvals/{request.pk}/"


def form_of(request, **changes):
    return {"payload_hash": request.payload_hash, "reason": "Enough in stock", **changes}


@pytest.mark.parametrize(
    ("verb", "status"),
    [("approve", Status.APPROVED), ("reject", Status.REJECTED), ("withdraw", Status.WITHDRAWN)],
)
def test_a_plain_post_decides_and_goes_back(run_of_ann, ann, verb, status):
    request = propose(run_of_ann)

    answer = client_of(ann).post(address(request, verb), form_of(request, next="/c/7/?page=2"))

    assert (answer.status_code, answer["Location"]) == (302, f"/c/7/?page=2#request-{request.pk}")
    request.refresh_from_db()
    assert request.state is status


@pytest.mark.parametrize("verb", ["", "change"])
def test_a_part_is_never_kept_for_the_page_of_the_same_address(run_of_ann, ann, verb):
    request = propose(run_of_ann)

    whole, part = (
        client_of(ann).get(address(request, verb), headers=headers) for headers in ({}, HTMX)
    )

    assert ["<html" in one.content.decode() for one in (whole, part)] == [True, False]
    for answer in (whole, part):
        assert {"HX-Request", "HX-Boosted"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize(
    "wanted", ["", "https://evil.test/", "//evil.test/", "javascript:x", "c/1"]
)
def test_a_post_never_leads_elsewhere(run_of_ann, ann, wanted):
    request = propose(run_of_ann)

    answer = client_of(ann).post(address(request, "approve"), form_of(request, next=wanted))

    assert (answer.status_code, answer["Location"]) == (302, address(request))


@pytest.mark.parametrize("verb", ["approve", "reject", "withdraw"])
def test_htmx_gets_the_card_as_it_is_now(run_of_ann, ann, verb):
    request = propose(run_of_ann)

    answer = client_of(ann).post(address(request, verb), form_of(request), headers=HTMX)

    page = answer.content.decode()
    request.refresh_from_db()
    assert answer.status_code == 200
    assert page.strip().startswith(f'<article id="request-{request.pk}"')
    assert f'data-status="{request.status}"' in page


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("name", "verb", "changes", "code", "said"),
    [
        ("bob", "approve", {"payload_hash": "0" * 64}, 409, "Read the card again."),
        ("bob", "approve", {"payload_hash": ""}, 400, "Open the card and decide there."),
        ("bob", "approve", {"payload_hash": "no"}, 400, "Enter a valid value."),
        ("bob", "reject", {"reason": " "}, 400, "Say why you reject it;"),
        ("bob", "reject", {"reason": "x" * 1001}, 400, "at most 1000 characters"),
        (
            "bob",
            "withdraw",
            {},
            403,
            "Only who asked for this can withdraw it. Reject it if you may decide.",
        ),
        ("vic", "approve", {}, 403, "Viewers can read requests, but not decide them."),
        ("vic", "reject", {}, 403, "Viewers can read requests, but not decide them."),
    ],
)
def test_a_refused_post_changes_nothing_and_says_why(
    people, run_of_ann, name, verb, changes, code, said, headers
):
    request = propose(run_of_ann)

    answer = client_of(people[name]).post(
        address(request, verb), form_of(request, **changes), headers=headers
    )

    page = answer.content.decode()
    assert answer.status_code == code
    assert 'role="alert"' in page
    assert said in page
    request.refresh_from_db()
    assert (request.state, request.votes.count()) == (Status.PENDING, 0)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_comes_second_sees_the_decision(run_of_ann, ann, bob, headers):
    request = propose(run_of_ann)
    reject(request, ann)

    answer = client_of(bob).post(address(request, "approve"), form_of(request), headers=headers)

    assert answer.status_code == 409
    assert "Rejected by ann: “Not now”." in answer.content.decode()


@pytest.mark.parametrize("verb", ["", "approve", "reject", "withdraw"])
@pytest.mark.parametrize(("name", "action"), [("eve", "note"), ("ada", "note"), ("eve", "mail")])
def test_who_may_not_know_gets_404(people, run_of_ann, name, action, verb):
    request = propose(run_of_ann, action)
    client = client_of(people[name])

    answer = (
        client.post(address(request, verb), form_of(request))
        if verb
        else client.get(address(request))
    )
    absent = client.get("/approvals/999999999999999999999/")

    assert (answer.status_code, absent.status_code) == (404, 404)
    request.refresh_from_db()
    assert request.state is Status.PENDING


@pytest.mark.parametrize("verb", ["approve", "reject", "withdraw"])
@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_decisions_are_posts(run_of_ann, ann, verb, method):
    request = propose(run_of_ann)

    answer = getattr(client_of(ann), method)(address(request, verb))

    assert answer.status_code == 405
    request.refresh_from_db()
    assert request.state is Status.PENDING


@pytest.mark.parametrize("verb", ["approve", "reject", "withdraw"])
def test_a_post_without_a_token_is_refused(run_of_ann, ann, verb):
    request = propose(run_of_ann)

    answer = client_of(ann, enforce_csrf_checks=True).post(
        address(request, verb), form_of(request), headers=HTMX
    )

    assert answer.status_code == 403
    request.refresh_from_db()
    assert request.state is Status.PENDING


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("get", "1/"),
        ("post", "1/approve/"),
        ("post", "1/reject/"),
        ("post", "1/withdraw/"),
    ],
)
def test_strangers_are_sent_to_sign_in(client, db, method, path):
    answer = getattr(client, method)(f"/approvals/{path}")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_one_request_has_a_page_and_a_card(run_of_ann, bob):
    request = propose(run_of_ann)

    page = client_of(bob).get(address(request)).content.decode()
    card = client_of(bob).get(address(request), headers=HTMX).content.decode()

    assert "<html" in page
    assert "<html" not in card
    for text in (page, card):
        assert f'<article id="request-{request.pk}"' in text
        assert 'name="csrfmiddlewaretoken"' in text


@pytest.mark.parametrize(
    ("name", "waiting", "everything"),
    [
        ("ann", {"open note", "own mail"}, {"open note", "own mail", "old note"}),
        ("bob", {"open note"}, {"open note", "own mail", "old note"}),
        ("vic", set(), {"open note", "own mail", "old note"}),
        ("ada", {"own mail"}, {"own mail"}),
        ("eve", set(), set()),
    ],
)
def test_the_queue_shows_what_waits_and_all(people, run_of_ann, ann, name, waiting, everything):
    propose(run_of_ann, title="open note")
    propose(run_of_ann, "mail", title="own mail")
    reject(propose(run_of_ann, title="old note"), ann)
    client = client_of(people[name])

    def shown(query):
        page = client.get(f"/approvals/{query}").content.decode()
        return {title for title in ("open note", "own mail", "old note") if f"“{title}”" in page}

    assert shown("") == waiting
    assert shown("?filter=all") == everything
    assert shown("?filter=nonsense&page=nonsense") == waiting


@pytest.mark.parametrize(
    ("query", "heading"), [("", "Nothing waits for you"), ("?filter=all", "No requests yet")]
)
def test_an_empty_queue_teaches(ann, query, heading):
    page = client_of(ann).get(f"/approvals/{query}").content.decode()

    assert heading in page
    assert "Create a ticket to restock Chai" in page


def test_the_queue_has_pages(run_of_ann, ann):
    for number in range(21):
        propose(run_of_ann, title=f"note {number}", call=f"call-{number}")
    client = client_of(ann)

    first = client.get("/approvals/").content.decode()
    second = client.get("/approvals/?page=2").content.decode()

    assert (first.count("<article"), second.count("<article")) == (20, 1)
    assert "Page 1 of 2" in first


def test_the_queue_does_not_show_other_peoples_conversations(people, run_of_ann, bob):
    run = start_run(people["eve"])
    propose(run, title="secret")
    approve(propose(run_of_ann), bob)

    page = client_of(bob).get("/approvals/?filter=all").content.decode()

    assert "secret" not in page
    assert ActionRequest.objects.count() == 2
