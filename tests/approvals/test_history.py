"""What the history shows to whom, what its search finds, and that its export holds all of it."""

import asyncio
import csv
import datetime as dt
import io
import json
import uuid

import pytest
from django.db.models.functions import Now

from approvals.cards.withholding import as_seen_by
from approvals.enums import Status
from approvals.filing.payloads import digest_of
from approvals.history.search import Search, csv_parts, found_for, history_of
from approvals.history.statistics import outcomes_by_action
from approvals.history.times import time_to_decide, times_to_decide
from approvals.models import ActionRequest
from approvals.moves import move
from approvals.services import sweep, withdraw
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.datasources.masking import set_masks
from atlas.sql.policies.masks import Mask, Masks
from tests.approvals.desk import approve, propose, reject

HISTORY = "/approvals/history/"
HOUR = dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(run_of_ann, ann, bob, ada):
    """One of each: rejected by bob, done after ada, expired, withdrawn, automatic, and waiting."""
    rejected = reject(propose(run_of_ann, title="Chai", call="1"), bob, "Too early")
    done = approve(propose(run_of_ann, "mail", title="Tofu", call="2"), ada)
    move(done, Status.EXECUTING)
    move(done, Status.EXECUTED)
    expired = propose(run_of_ann, title="Late", call="3")
    ActionRequest.objects.filter(pk=expired.pk).update(expires_at=Now() - HOUR)
    sweep()
    taken_back = withdraw(propose(run_of_ann, title="Oops", call="4").pk, by=ann)
    automatic = propose(run_of_ann, "ping", title="Ping", call="5")
    move(automatic, Status.EXECUTING)
    move(automatic, Status.FAILED)
    propose(run_of_ann, title="Waiting", call="6")
    return {
        "rejected": rejected,
        "done": done,
        "expired": expired,
        "withdrawn": taken_back,
        "automatic": automatic,
    }


def names(rows, decided):
    by_number = {one.pk: name for name, one in decided.items()}
    return {by_number[pk] for pk in rows.values_list("pk", flat=True)}


def test_a_person_sees_what_they_may_see_and_admins_all(
    decided, ann, bob, vic, ada, abe, django_user_model
):
    eve = django_user_model.objects.create_user("eve", role="analyst")
    for person in (ann, bob, vic, ada, abe):
        assert names(history_of(person), decided) == set(decided)
    assert history_of(eve).count() == 0


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, {"rejected", "done", "expired", "withdrawn", "automatic"}),
        ({"outcome": "rejected"}, {"rejected"}),
        ({"outcome": "executed"}, {"done"}),
        ({"action": "mail"}, {"done"}),
        ({"person": "bob"}, {"rejected"}),
        ({"person": "ADA"}, {"done"}),
        ({"person": "ann"}, {"rejected", "done", "expired", "withdrawn", "automatic"}),
        ({"q": "tofu"}, {"done"}),
        ({"q": "too early"}, {"rejected"}),
        ({"q": "100%"}, set()),
        ({"action": "mail", "outcome": "rejected"}, set()),
        ({"since": dt.date(2000, 1, 1)}, {"rejected", "done", "expired", "withdrawn", "automatic"}),
        ({"since": dt.date(2999, 1, 1)}, set()),
        ({"until": dt.date(2000, 1, 1)}, set()),
    ],
)
def test_the_filter_finds_what_fits_all_of_it(decided, bob, wanted, expected):
    assert names(found_for(history_of(bob), Search(**wanted), bob), decided) == expected


def kind(*tables):
    """A kind of data: which tables a result was made of."""
    return {"tables": list(tables), "columns": None, "claims": "", "masked": {}}


PRODUCTS, ORDERS = kind("products"), kind("orders")


@pytest.fixture
def names_of_products_masked():
    set_masks(Masks((Mask(("products",), ("name",), plain_for=("admin",)),)))
    yield
    set_masks(Masks())


@pytest.fixture
def past(run_of_ann, ann):
    """Requests with "Chai" in their summary that came from the given kinds of data."""
    request = reject(propose(run_of_ann, title="Chai"), ann)
    kept = {
        field.attname: getattr(request, field.attname)
        for field in ActionRequest._meta.concrete_fields
        if field.name not in {"id", "idempotency_key", "tool_call_id", "status"}
    }

    def make(seen, data_fields=("title",), title="Chai"):
        made = ActionRequest(**kept, tool_call_id=str(uuid.uuid4()), status=Status.PENDING)
        made.contract = {**request.contract, "data_fields": data_fields and list(data_fields)}
        contents = {**request.contents, "arguments": {**request.arguments, "title": title}}
        made.payload = json.dumps(contents, separators=(",", ":"), ensure_ascii=False)
        made.payload_hash = digest_of(made.payload)
        made.why = {**request.why, "seen": seen}
        made.save(force_insert=True)
        return reject(ActionRequest.objects.get(pk=made.pk), ann)

    return make


def found_by(reader, text="chai"):
    found = found_for(history_of(reader), Search(q=text), reader)
    return set(found.values_list("pk", flat=True))


@pytest.mark.usefixtures("names_of_products_masked")
@pytest.mark.parametrize(
    ("seen", "data_fields", "title", "is_found"),
    [
        ([PRODUCTS], ["title"], "Chai", False),
        ([ORDERS, PRODUCTS], ["title"], "Chai", False),
        ([ORDERS, PRODUCTS], None, "Chai", False),
        ([PRODUCTS], ["title"], "a\x00b", False),
        ([PRODUCTS], ["title"], "", True),
        ([PRODUCTS], ["title"], 0.0, True),
        ([PRODUCTS], ["title"], [], True),
        ([PRODUCTS], ["title"], 0.5, False),
        ([PRODUCTS], [], "Chai", True),
        ([ORDERS], ["title"], "Chai", True),
        ([], ["title"], "Chai", True),
    ],
)
def test_nobody_finds_a_request_by_words_that_are_withheld(
    past, bob, ada, seen, data_fields, title, is_found
):
    request = past(seen, data_fields, title)

    assert (request.pk in found_by(bob)) is is_found
    assert (as_seen_by(request, bob).summary == request.summary) is is_found
    assert request.pk in found_by(ada)


@pytest.mark.usefixtures("names_of_products_masked")
def test_what_is_behind_more_requests_than_are_judged_is_not_found(past, bob, monkeypatch):
    monkeypatch.setattr("approvals.history.unfindable.MOST_KINDS", 2)
    old, *new = [past([kind(name)]) for name in ("orders", "shippers", "customers")]

    assert found_by(bob) & {old.pk, *(one.pk for one in new)} == {one.pk for one in new}
    assert old.pk in found_by(bob, old.reason)


@pytest.mark.usefixtures("names_of_products_masked")
def test_a_search_reads_no_requests_into_the_process(past, bob, django_assert_num_queries):
    for number in range(3):
        past([PRODUCTS if number else ORDERS])
    rows = history_of(bob)

    with django_assert_num_queries(1) as asked:
        found_for(rows, Search(q="chai"), bob)
    assert "payload" not in asked[0]["sql"].partition(" FROM ")[0]


def test_the_time_to_decide_is_that_of_people(decided, bob):
    rows = history_of(bob).annotate(took=times_to_decide())
    times = {name: rows.get(pk=one.pk).took for name, one in decided.items()}
    of_each = {name: time_to_decide(rows.get(pk=one.pk)) for name, one in decided.items()}

    assert of_each == times

    assert (times["automatic"], times["expired"]) == (None, None)
    assert times["rejected"] == decided["rejected"].decided_at - decided["rejected"].created_at


def test_the_page_shows_who_decided_and_searches(client, decided, bob):
    client.force_login(bob)
    page = client.get(HISTORY).content.decode()

    assert "5 requests" in page
    assert f'href="/approvals/{decided["done"].pk}/"' in page
    assert "the policy of this action" in page
    assert "Waiting" in page
    assert "Create the ticket “Waiting”" not in page
    found = client.get(HISTORY, {"outcome": "rejected", "q": "chai"}).content.decode()
    assert ("1 request<" in found, "Too early" in found, "Tofu" in found) == (True, True, False)


@pytest.mark.parametrize(
    "query",
    [{"since": "yesterday"}, {"outcome": "perhaps"}, {"action": "'"}, {"page": "x"}, {"q": "\x00"}],
)
def test_an_unusable_filter_is_no_error_of_the_server(client, decided, bob, query):
    client.force_login(bob)
    for path in (HISTORY, "/approvals/statistics/"):
        assert client.get(path, query).status_code == 200


def test_strangers_are_sent_to_the_login(client, db):
    for path in (HISTORY, f"{HISTORY}export/", "/approvals/statistics/"):
        assert client.get(path).headers["Location"].startswith("/accounts/login/")


def test_an_admin_reaches_what_has_no_card_for_them(client, decided, abe):
    client.force_login(abe)
    page = client.get(HISTORY).content.decode()

    assert f"/admin/approvals/actionrequest/{decided['rejected'].pk}/change/" in page
    assert f'href="/approvals/{decided["done"].pk}/"' in page


def test_a_long_history_needs_no_more_queries(
    client, decided, run_of_ann, bob, django_assert_max_num_queries
):
    for number in range(30):
        reject(propose(run_of_ann, call=f"more-{number}"), bob)
    client.force_login(bob)
    with django_assert_max_num_queries(16):
        assert client.get(HISTORY).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_export_is_whole_and_recorded(client, run_of_ann, ann, bob, monkeypatch):
    monkeypatch.setattr("approvals.history.search.PART_ROWS", 4)
    for number in range(9):
        reject(propose(run_of_ann, title=f"=cmd {number}", call=f"call-{number}"), bob, "No")

    found = history_of(bob)

    async def whole():
        return b"".join([part async for part in csv_parts(found, bob)])

    rows = list(csv.DictReader(io.StringIO(asyncio.run(whole()).decode())))

    assert [row["What was asked for"] for row in rows] == [
        f"Create the ticket “=cmd {number}”" for number in reversed(range(9))
    ]
    assert {
        (row["Asked by"], row["Decided by"], row["Outcome"], row["Reason"]) for row in rows
    } == {("ann", "bob", "rejected", "No")}
    assert all(int(row["Seconds to decide"]) >= 0 for row in rows)

    client.force_login(bob)
    answer = client.get(f"{HISTORY}export/", {"person": "bob"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    entry = AuditEntry.objects.get(event=AuditEvent.REQUESTS_EXPORTED)
    # By number: a name in there would stay when bob is erased from the log.
    assert entry.body["search"] == {"person": [bob.pk]}

    async def sent():
        return b"".join([part async for part in answer.streaming_content])

    assert asyncio.run(sent()).count(b"\r\n") == 10


def test_statistics_count_outcomes_and_the_median_of_people(decided, run_of_ann, bob):
    for number in range(2):
        reject(propose(run_of_ann, call=f"more-{number}"), bob)
    found = {one.action: one for one in outcomes_by_action(history_of(bob))}

    assert list(found) == ["note", "mail", "ping"]
    note, ping = found["note"], found["ping"]
    assert note.counts == [(Status.REJECTED, 3), (Status.EXPIRED, 1), (Status.WITHDRAWN, 1)]
    assert (note.total, note.automatic, note.share_automatic) == (5, 0, 0)
    assert (ping.total, ping.share_automatic, ping.median) == (1, 100, None)
    taken = (time_to_decide(one) for one in history_of(bob).filter(action="note"))
    times = sorted(took for took in taken if took)
    middle = (times[1] + times[2]) / 2
    assert abs(note.median - middle) < dt.timedelta(milliseconds=1)


def test_the_statistics_page_tells_them(client, decided, bob):
    client.force_login(bob)
    page = client.get("/approvals/statistics/").content.decode()

    assert "rejected 1 · expired 1 · withdrawn 1" in page
    assert "100 %" in page
