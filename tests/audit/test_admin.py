"""The log as an operator reads it: searched by every field, paired, and taken along whole."""

import csv
import datetime as dt
import io
import json
import uuid

import pytest
from django.db import connection
from django.test import AsyncClient, Client
from django.urls import reverse
from django.utils.timezone import now

from atlas.audit import listing, rows
from atlas.audit.erasing import erase
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.audit.record import record
from atlas.audit.searching import AuditSearch
from atlas.common.db import in_db

pytestmark = pytest.mark.django_db
LIST = "/admin/audit/auditentry/"
CONVERSATION = uuid.UUID(int=7)
SQL = "SELECT count(*) FROM public.orders"


@pytest.fixture
def entries(ann, bob):
    """Entries of every kind that the search tells apart, by a short name."""
    kept = {}

    def add(name, event, actor, subject="demo", conversation=None, **body):
        entry = record(event, actor=actor, subject=subject, conversation_id=conversation, body=body)
        kept[name] = entry.pk
        return entry.pk

    read = {"tables": ["public.orders"], "columns": ["orders.total"], "sql_sent": SQL}
    well = add("well", AuditEvent.QUERY_STARTED, ann, conversation=CONVERSATION, **read)
    add("well ended", AuditEvent.QUERY_ENDED, ann, intent=well, outcome="ok", rows=3, ms=40)
    ill = add("ill", AuditEvent.QUERY_STARTED, bob, tables=["sales.people"], sql_sent="SELECT 2")
    add(
        "ill ended",
        AuditEvent.QUERY_ENDED,
        bob,
        intent=ill,
        outcome="failed",
        code="timeout",
        ms=30_000,
    )
    add("lost", AuditEvent.QUERY_STARTED, bob, tables=["public.orders"], sql_sent="SELECT 3")
    add("refused", AuditEvent.QUERY_REFUSED, bob, sql="DROP TABLE x", reason="Only reading.")
    add("ticket", AuditEvent.REQUEST_PROPOSED, ann, "request 4", action="create", plugin="ticket")
    add("unclear", AuditEvent.REQUEST_UNKNOWN, ann, "request 4", action="send", plugin="email")
    add("switched", AuditEvent.PLUGIN_DISABLED, bob, "plugin email")
    return kept


@pytest.fixture
def client(ada):
    client = Client()
    client.force_login(ada)
    return client


def listed(client, entries, **search):
    """The short names of the entries that the list shows."""
    answer = client.get(LIST, search)
    assert answer.status_code == 200
    names = {number: name for name, number in entries.items()}
    shown = answer.context["cl"].result_list
    return {names[entry.pk] for entry in shown if entry.pk in names}


ASKED = {"well", "ill", "lost"}
SEARCHES = [
    ({}, None),
    ({"event": "query.started"}, ASKED),
    ({"person": "ann"}, {"well", "well ended", "ticket", "unclear"}),
    ({"person": "nobody"}, set()),
    ({"conversation": str(CONVERSATION)}, {"well"}),
    ({"table": "public.orders"}, {"well", "lost"}),
    ({"table": "orders"}, {"well", "lost"}),
    ({"table": "sales.people"}, {"ill"}),
    ({"table": "people"}, set()),
    ({"column": "orders.total"}, {"well"}),
    ({"plugin": "email"}, {"unclear", "switched"}),
    ({"action": "create"}, {"ticket"}),
    ({"outcome": "ok"}, {"well ended"}),
    ({"outcome": "failed"}, {"ill ended"}),
    ({"outcome": "refused"}, {"refused"}),
    ({"outcome": "unknown"}, {"unclear"}),
    ({"outcome": "cancelled"}, set()),
    ({"table": "orders", "person": "bob"}, {"lost"}),
    ({"since": "2001-01-01T00:00"}, None),
    ({"until": "2001-01-01T00:00"}, set()),
    # What makes no sense finds nothing, rather than everything.
    ({"conversation": "x"}, set()),
    ({"since": "soon"}, set()),
    ({"event": "made.up"}, set()),
    ({"person": "a\x00b"}, set()),
    ({"person": "9" * 30}, set()),
]


@pytest.mark.parametrize(("search", "found"), SEARCHES)
def test_a_search_finds_what_meets_all_its_fields(entries, search, found):
    kept = AuditSearch(search).narrow(AuditEntry.objects.all()).values_list("pk", flat=True)
    met = {name for name, number in entries.items() if number in kept}
    assert met == (set(entries) if found is None else found)


@pytest.mark.parametrize(
    ("search", "found"), [SEARCHES[1], SEARCHES[5], ({"conversation": "x"}, set())]
)
def test_the_list_is_what_the_search_finds(client, entries, search, found):
    assert listed(client, entries, **search) == found


def test_a_person_is_found_by_number_after_the_name_is_gone(client, entries, bob):
    assert listed(client, entries, person=str(bob.pk)) == set(entries) - {
        "well",
        "well ended",
        "ticket",
        "unclear",
    }


def test_the_time_of_a_search_is_exact(client, entries):
    at = AuditEntry.objects.get(pk=entries["lost"]).at
    after = (at + dt.timedelta(microseconds=1)).isoformat()
    assert listed(client, entries, since=at.isoformat(), until=after) == {"lost"}
    assert "lost" not in listed(client, entries, since=after)
    assert "lost" not in listed(client, entries, until=at.isoformat())


def details(client, entries, name):
    answer = client.get(LIST)
    shown = next(e for e in answer.context["cl"].result_list if e.pk == entries[name])
    assert answer.context["cl"].model_admin.details(shown) in answer.content.decode().replace(
        "&lt;", "<"
    ).replace("&gt;", ">").replace("&#x27;", "'")
    return answer.context["cl"].model_admin.details(shown)


def test_a_query_is_told_with_its_end(client, entries):
    assert details(client, entries, "well") == f"{SQL} → ended well, 3 rows, 40 ms"
    assert details(client, entries, "ill") == "SELECT 2 → failed, timeout, 30000 ms"
    assert details(client, entries, "lost") == "SELECT 3 → no end is recorded"
    assert details(client, entries, "refused") == "DROP TABLE x → Only reading."
    address = reverse("admin:audit_auditentry_change", args=[entries["well"]])
    assert details(client, entries, "well ended") == (
        f'<a href="{address}">ended well, 3 rows, 40 ms, of entry {entries["well"]}</a>'
    )
    assert details(client, entries, "ticket") == "action: create, plugin: ticket"


def test_each_entry_of_a_pair_leads_to_the_other(client, entries):
    for name, other in (("well", "well ended"), ("well ended", "well")):
        page = client.get(f"{LIST}{entries[name]}/change/").content.decode()
        assert f'href="{LIST}{entries[other]}/change/"' in page
        assert "not sealed yet" in page


def test_an_address_is_shown_where_it_belongs(client, ann):
    entry = record(AuditEvent.SIGNED_IN, actor=ann, body={"address": "10.1.2.3"})

    page = client.get(f"{LIST}{entry.pk}/change/").content.decode()

    assert "10.1.2.3" in page
    assert "erasable" not in page


def test_the_list_says_that_it_is_cut(client, entries, monkeypatch):
    monkeypatch.setattr(listing, "MOST_LISTED", 5)

    answer = client.get(LIST)

    assert "The newest 5 entries are listed here." in answer.content.decode()
    assert answer.context["cl"].result_count == 5


def test_a_list_costs_few_statements_however_long_it_is(
    client, entries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(9):
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("name", ["ann", "vic"])
def test_others_see_and_take_nothing(request, entries, name):
    client = Client()
    client.force_login(request.getfixturevalue(name))
    for address in (LIST, f"{LIST}export/", f"{LIST}{entries['well']}/change/"):
        assert client.get(address).status_code == 302
    assert AuditEntry.objects.filter(event="audit.exported").count() == 0


@pytest.mark.parametrize(
    ("search", "index"),
    [
        ({"table": "public.orders"}, "audit_by_read"),
        ({"column": "orders.total"}, "audit_by_read"),
        ({"person": "5"}, "audit_of_actor"),
        ({"conversation": str(CONVERSATION)}, "audit_of_conversation"),
        ({"since": "2026-01-01", "until": "2026-01-02"}, "audit_by_time"),
    ],
)
def test_a_search_has_its_index(entries, search, index):

    found = AuditSearch(search).narrow(AuditEntry.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in found.explain()


async def test_an_export_holds_every_entry_that_the_search_finds(
    transactional_db, ada, ann, bob, monkeypatch
):
    monkeypatch.setattr(rows, "PART", 7)
    await in_db(_many, ann, bob)
    client = AsyncClient()
    await in_db(client.force_login, ada)

    answer = await client.get(f"{LIST}export/", {"person": "ann"})
    parts = [part async for part in answer.streaming_content]

    found = list(csv.reader(io.StringIO(b"".join(parts).decode())))
    assert found[0] == list(rows.HEADINGS)
    assert [json.loads(row[7])["n"] for row in found[1:]] == list(range(29, -1, -1))
    assert {(row[2], row[4]) for row in found[1:]} == {("query.refused", "ann")}
    assert len(parts) == 1 + 5
    assert "no-store" in answer["cache-control"]
    entry = await in_db(AuditEntry.objects.get, event="audit.exported")
    assert entry.actor_id == ada.pk
    # By number, since a name could not be erased from here.
    assert entry.body["search"] == {"person": [ann.pk]}


def _many(ann, bob):
    for n in range(30):
        record(AuditEvent.QUERY_REFUSED, actor=ann, body={"n": n})
        record(AuditEvent.QUERY_REFUSED, actor=bob, body={"n": n})


@pytest.mark.parametrize(("typed", "kept"), [("#41", [41]), ("41", [41]), ("nobody", [])])
def test_a_search_is_recorded_without_the_name_that_was_typed(typed, kept):
    assert AuditSearch({"person": typed}).recorded == {"person": kept}


async def test_an_export_does_not_hold_itself_and_disarms_formulas(transactional_db, ada, ann):
    await in_db(record, AuditEvent.QUERY_REFUSED, actor=ann, subject="=HYPERLINK(1)")
    client = AsyncClient()
    await in_db(client.force_login, ada)

    answer = await client.get(f"{LIST}export/", {"since": (now() - dt.timedelta(1)).isoformat()})
    text = b"".join([part async for part in answer.streaming_content]).decode()

    assert "'=HYPERLINK(1)" in text
    assert text.count("audit.exported") == 0


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
async def test_an_export_holds_addresses_in_the_place_of_their_keys(ada, ann, bob):
    for person, address in ((ann, "10.0.0.1"), (bob, "10.0.0.2")):
        await in_db(record, AuditEvent.SIGNED_IN, actor=person, body={"address": address})
    await in_db(erase, str(bob.pk))
    client = AsyncClient()
    await in_db(client.force_login, ada)

    answer = await client.get(f"{LIST}export/", {"event": AuditEvent.SIGNED_IN, "person": ann.pk})
    others = await client.get(f"{LIST}export/", {"event": AuditEvent.SIGNED_IN, "person": bob.pk})

    told = [json.loads(row[7]) for row in await _rows(answer) + await _rows(others)]
    assert told == [{"address": "10.0.0.1"}, {"address": "erased"}]


async def _rows(answer):
    text = b"".join([part async for part in answer.streaming_content]).decode()
    return list(csv.reader(io.StringIO(text)))[1:]
