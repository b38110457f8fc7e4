"""Requests over HTTP with API keys: what a program sees, decides, and repeats."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from approvals.api import allow_rules as allow_api
from approvals.api import replies
from approvals.api import requests as api
from approvals.enums import Status
from approvals.models import ActionRequest, Reply
from approvals.rules.tightening import Rule
from atlas.accounts.absences import name_delegate
from atlas.accounts.api_keys import create_key
from atlas.accounts.roles import Role, Scope
from atlas.audit.models import AuditEntry
from atlas.conversations.enums import Origin
from tests.approvals.desk import approve, propose, reject, start_run
from tests.approvals.states import put_at

pytestmark = pytest.mark.django_db
ACTIONS = "/api/v1/actions/"
RULES = (allow_api.Rules, allow_api.RuleOut, allow_api.ConditionOut)
OPENAPI = Path(__file__).parents[2] / "docs" / "openapi.yaml"


class Program:
    """A client with an API key of its owner's."""

    def __init__(self, owner, *, role=None, scopes=(Scope.DECIDE,)):
        text = create_key(owner, name="p", role=role or owner.as_role, scopes=scopes, by=owner)[1]
        self.headers = {"Authorization": f"Bearer {text}"}

    def get(self, path="", **query):
        return Client().get(ACTIONS + path, query, headers=self.headers)

    def post(self, path, body, key=""):
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return Client().post(ACTIONS + path, body, "application/json", headers=headers)


def bound(request, **more):
    return {"payload_hash": request.payload_hash, **more}


def test_a_program_sees_what_its_owner_sees(run_of_ann, ann, bob, ada):
    note = propose(run_of_ann)
    mail = propose(run_of_ann, "mail", call="call-2")
    elsewhere = propose(start_run(bob), call="call-3")

    def seen(owner, **query):
        return [row["id"] for row in Program(owner).get(**query).json()["actions"]]

    assert seen(ann) == [mail.pk, note.pk]
    assert seen(bob) == [elsewhere.pk, mail.pk, note.pk]
    assert seen(ada) == [mail.pk]
    assert seen(ann, waiting="1") == [note.pk]
    assert seen(ann, status="executed") == []
    assert Program(ada).get(f"{note.pk}").status_code == 404


def test_a_page_costs_the_same_at_any_length(run_of_ann, ann, django_assert_num_queries):
    program = Program(ann)
    for number in range(3):
        propose(run_of_ann, call=f"call-{number}")
    with CaptureQueriesContext(connection) as few:
        program.get()
    for number in range(3, 12):
        propose(run_of_ann, call=f"call-{number}")

    with django_assert_num_queries(len(few)):
        assert program.get().json()["count"] == 12


def test_one_request_in_full(run_of_ann, ann):
    request = propose(run_of_ann, body="Ten")

    answer = Program(ann).get(f"{request.pk}")

    assert answer.status_code == 200
    shown = answer.json()
    assert shown["arguments"] == {"title": "Restock Chai", "body": "Ten", "priority": None}
    assert shown["payload_hash"] == request.payload_hash
    assert (shown["status"], shown["may_decide"]) == ("pending", True)
    assert shown["sentence"] == "Waiting for approval: Create the ticket “Restock Chai”."


@pytest.mark.parametrize(
    ("verb", "more", "status"),
    [("approve", {}, "approved"), ("reject", {"reason": "Enough in stock"}, "rejected")],
)
def test_a_program_decides(run_of_ann, bob, verb, more, status):
    request = propose(run_of_ann)

    answer = Program(bob).post(f"{request.pk}/{verb}", bound(request, **more))

    assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert (answer.json()["decided_by"], answer.json()["may_decide"]) == ("bob", False)


@pytest.mark.parametrize(
    ("who", "body", "code", "error"),
    [
        ({"owner": "bob"}, {}, 400, "bad_input"),
        ({"owner": "bob"}, {"payload_hash": "0" * 64}, 409, "payload_changed"),
        ({"owner": "bob"}, {"payload_hash": "HASH", "force": True}, 400, "bad_input"),
        ({"owner": "bob", "scopes": ()}, {"payload_hash": "HASH"}, 403, "not_allowed"),
        ({"owner": "bob", "role": Role.VIEWER}, {"payload_hash": "HASH"}, 403, "not_allowed"),
        ({"owner": "vic"}, {"payload_hash": "HASH"}, 403, "not_allowed"),
        ({"owner": "ada"}, {"payload_hash": "HASH"}, 404, "not_found"),
    ],
)
def test_a_refused_decision_changes_nothing(run_of_ann, bob, vic, ada, who, body, code, error):
    request = propose(run_of_ann)
    owner = {"bob": bob, "vic": vic, "ada": ada}[who.pop("owner")]
    body = {name: request.payload_hash if v == "HASH" else v for name, v in body.items()}

    answer = Program(owner, **who).post(f"{request.pk}/approve", body)

    assert (answer.status_code, answer.json()["code"]) == (code, error)
    assert ActionRequest.objects.get().status == Status.PENDING
    assert not request.votes.exists()


@pytest.mark.parametrize(
    ("method", "path", "headers", "code"),
    [
        ("get", "", {}, 401),
        ("get", "", {"Authorization": "Bearer atl_nothing"}, 401),
        ("get", "1/approve", None, 405),
        ("post", "", None, 405),
        ("get", "999", None, 404),
        ("get", "?status=done", None, 400),
    ],
)
def test_what_the_addresses_refuse(run_of_ann, ann, method, path, headers, code):
    program = Program(ann)
    send = getattr(Client(), method)

    answer = send(ACTIONS + path, headers=program.headers if headers is None else headers)

    assert answer.status_code == code
    assert set(answer.json()) == {"code", "message"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"), [("get", "1/approve", "POST"), ("post", "", "GET")]
)
def test_a_wrong_method_is_told_the_right_one(ann, method, path, allowed):
    answer = getattr(Client(), method)(ACTIONS + path, headers=Program(ann).headers)

    assert (answer.status_code, answer["Allow"]) == (405, allowed)


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "\x00", '{"payload_hash": 5}'])
def test_a_body_that_is_no_decision(run_of_ann, ann, body):
    request = propose(run_of_ann)
    headers = Program(ann).headers

    answer = Client().post(
        f"{ACTIONS}{request.pk}/approve", body, "application/json", headers=headers
    )

    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_input"


def test_several_at_once_are_taken_one_by_one(run_of_ann, ann, bob):
    first, second = (propose(run_of_ann, call=f"call-{n}", title=f"T{n}") for n in (1, 2))
    mail = propose(run_of_ann, "mail", call="call-3")
    reject(second, ann)
    body = {
        "decision": "approve",
        "requests": [
            {"id": first.pk, **bound(first)},
            {"id": second.pk, **bound(second)},
            {"id": mail.pk, **bound(mail)},
            {"id": 999_999, **bound(first)},
        ],
    }

    answer = Program(bob).post("bulk", body).json()

    assert [(row["id"], row["http_status"]) for row in answer["results"]] == [
        (first.pk, 200),
        (second.pk, 409),
        (mail.pk, 403),
        (999_999, 404),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "approve", "requests": []},
        {"decision": "reject", "requests": [{"id": 1, "payload_hash": "0" * 64}]},
        {"decision": "approve", "requests": [{"id": 1, "payload_hash": "0" * 64}] * 101},
        {
            "decision": "reject",
            "reason": "x" * 1001,
            "requests": [{"id": 1, "payload_hash": "0" * 64}],
        },
        {"decision": "withdraw", "requests": [{"id": 1, "payload_hash": "0" * 64}]},
    ],
)
def test_a_refused_bulk(ann, body):
    assert Program(ann).post("bulk", body).status_code == 400


def test_a_repeat_under_the_same_key_gets_the_first_answer(run_of_ann, ann, bob):
    request = propose(run_of_ann)
    program = Program(bob)
    first = program.post(f"{request.pk}/approve", bound(request), key="k1")
    ActionRequest.objects.filter(pk=request.pk).update(reason="later")

    again = program.post(f"{request.pk}/approve", bound(request), key="k1")

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    refused = program.post(f"{request.pk}/reject", bound(request, reason="No"), key="k1")
    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_reused")
    other = Program(ann).post(f"{request.pk}/reject", bound(request, reason="No"), key="k1")
    assert other.status_code == 409


def test_the_log_tells_a_key_from_its_owner(run_of_ann, ann, bob):
    by_key, by_hand = propose(run_of_ann), propose(run_of_ann, title="Tofu", call="call-2")
    Program(bob).post(f"{by_key.pk}/approve", bound(by_key))
    approve(by_hand, bob)

    approved = AuditEntry.objects.filter(event="request.approved").order_by("id")

    prefix = bob.api_keys.get().prefix
    means = [entry.body.get("through") for entry in approved]
    assert (means, {entry.actor_id for entry in approved}) == (
        [f"API key {prefix}", None],
        {bob.pk},
    )


def test_a_repeat_with_less_rights_does_not_get_the_answer_to_more(run_of_ann, bob):
    request = propose(run_of_ann)
    Program(bob).post(f"{request.pk}/approve", bound(request), key="k1")

    reads = Program(bob, scopes=()).post(f"{request.pk}/approve", bound(request), key="k1")
    lower = Program(bob, role=Role.VIEWER).post(f"{request.pk}/approve", bound(request), key="k1")

    for refused in (reads, lower):
        assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_reused")


@pytest.mark.django_db(transaction=True)
def test_two_equal_calls_at_once_are_one(run_of_ann, bob):
    request = propose(run_of_ann)
    program, answers = Program(bob), []

    def call():
        answers.append(program.post(f"{request.pk}/approve", bound(request), key="k1").json())
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer["status"] for answer in answers] == ["approved"] * 4
    assert all(answer == answers[0] for answer in answers)
    assert (Reply.objects.count(), request.votes.count()) == (1, 1)


def test_answers_are_kept_for_a_day(run_of_ann, bob):
    request = propose(run_of_ann)
    Program(bob).post(f"{request.pk}/approve", bound(request), key="k1")
    assert replies.delete_old() == 0

    Reply.objects.update(at=Now() - timedelta(hours=25))

    assert replies.delete_old() == 1


def test_what_was_done_can_be_undone(run_of_ann, bob, desk):
    request = approve(propose(run_of_ann), bob)

    answer = Program(bob).post(f"{request.pk}/rollback", bound(request))

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_a_roll_back_that_needs_an_approval_is_a_request_that_the_answer_names(
    run_of_ann, ann, bob, desk, policy
):
    desk(roll_back=lambda _result, _ctx: {}, reversible=True)
    programs = frozenset({Origin.API})
    policy(rollbacks=(Rule("Programs", origins=programs, two_person=True),))
    request = put_at(propose(run_of_ann), Status.EXECUTED)
    posts = [Program(bob).post(f"{request.pk}/rollback", bound(request)) for _again in range(2)]

    assert [answer.status_code for answer in posts] == [200, 200]
    told = posts[0].json()
    asked = told["rollback_request"]
    assert (told["id"], told["kind"], told["status"]) == (request.pk, "action", "executed")
    assert posts[1].json()["rollback_request"] == asked
    shown = Program(ann).get(f"{asked}").json()
    assert (shown["kind"], shown["undoes"], shown["rollback_request"]) == (
        "rollback",
        request.pk,
        None,
    )
    decision = {"payload_hash": shown["payload_hash"]}
    assert Program(bob).post(f"{asked}/approve", decision).status_code == 403
    assert Program(ann).post(f"{asked}/approve", decision).json()["status"] == "approved"
    listed = {row["id"]: row["rollback_request"] for row in Program(ann).get().json()["actions"]}
    assert listed == {request.pk: asked, asked: None}


def test_a_key_that_may_not_decide_undoes_nothing(run_of_ann, bob, desk):
    desk(roll_back=lambda _result, _ctx: {}, reversible=True)
    request = put_at(propose(run_of_ann), Status.EXECUTED)

    answer = Program(bob, scopes=(Scope.ASK,)).post(f"{request.pk}/rollback", bound(request))

    assert answer.status_code == 403
    request.refresh_from_db()
    assert request.state is Status.EXECUTED


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"q": "chai"}, 1),
        ({"q": "elsewhere"}, 0),
        ({"person": "ann"}, 2),
        ({"person": "zoe"}, 0),
        ({"action": "mail"}, 1),
        ({"since": "2000-01-01", "until": "2999-01-01"}, 2),
        ({"since": "2999-01-01"}, 0),
    ],
)
def test_the_list_is_narrowed(run_of_ann, bob, query, count):
    propose(run_of_ann, title="Chai")
    propose(run_of_ann, "mail", title="Tofu", call="call-2")

    assert Program(bob).get(**query).json()["count"] == count


def test_a_day_that_is_none_is_named(run_of_ann, bob):
    answer = Program(bob).get(since="yesterday")

    assert (answer.status_code, "since" in answer.json()["message"]) == (400, True)


def test_a_delegate_reads_that_they_may_decide(run_of_ann, bob, django_user_model):
    eve = django_user_model.objects.create_user("eve", role="analyst")
    now = timezone.now()
    name_delegate(bob, username="eve", starts_at=now, ends_at=now + timedelta(days=1))
    request = propose(run_of_ann)
    told = Program(eve).get(str(request.pk)).json()

    assert (told["may_decide"], told["may_decide_because"]) == (
        True,
        "You decide for bob, who is away.",
    )
    assert Program(eve).post(f"{request.pk}/approve", bound(request)).json()["decided_by"] == (
        "eve for bob"
    )


def test_the_openapi_file_names_every_address_and_field():
    described = yaml.safe_load(OPENAPI.read_text())
    routes = {
        f"{ACTIONS}{pattern.pattern}".replace("<int:pk>", "{id}")
        for pattern in get_resolver("approvals.api.urls").url_patterns
    }
    schemas = described["components"]["schemas"]

    assert {path for path in described["paths"] if path.startswith(ACTIONS)} == routes
    for model in (api.Decided, api.Rejected, api.Bulk, api.One, api.Page, api.ActionOut, *RULES):
        assert set(schemas[model.__name__]["properties"]) == set(model.model_fields)
        required = {n for n, field in model.model_fields.items() if field.is_required()}
        assert set(schemas[model.__name__]["required"]) == required
    assert json.dumps(described)
