"""A stored result as a file: whole, in pieces, safe, and known to the audit log."""

import asyncio
import io

import openpyxl
import pytest
from django.test import AsyncClient
from django.urls import reverse

from atlas.audit.models import AuditEntry
from atlas.chat import export
from atlas.common.db import in_db
from atlas.datasources import results
from tests.chat.conftest import store
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def asked(user, result, form="csv"):
    client = AsyncClient()
    await in_db(client.force_login, user)
    return await client.get(reverse(f"chat:result-{form}", args=[result.id]))


async def exported(user, result, form="csv"):
    answer = await asked(user, result, form)
    return answer, [part async for part in answer.streaming_content]


@pytest.mark.parametrize(
    ("form", "media_type"), [("csv", "text/csv; charset=utf-8"), ("xlsx", XLSX)]
)
async def test_a_file_is_for_whoever_asked_is_kept_nowhere_and_the_audit_log_knows(
    ann, answered, form, media_type
):
    answer, _parts = await exported(ann, answered.result, form)

    assert answer["content-type"] == media_type
    assert answer["content-disposition"] == (
        f'attachment; filename="result-{str(answered.result.id)[:8]}.{form}"'
    )
    assert "no-store" in answer["cache-control"]
    entry = await in_db(AuditEntry.objects.get, event="result.exported")
    assert (entry.actor_id, entry.subject) == (ann.pk, str(answered.result.id))
    assert entry.body == {"rows": 120, "datasource": "demo", "format": form}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_others_get_no_file(bob, vic, answered, form):
    for other in (bob, vic):
        assert (await asked(other, answered.result, form)).status_code == 404
    assert await in_db(AuditEntry.objects.filter(event="result.exported").count) == 0


async def test_a_page_of_a_result_is_kept_nowhere(ann, answered):
    client = AsyncClient()
    await in_db(client.force_login, ann)

    answer = await client.get(reverse("chat:result", args=[answered.result.id]))

    assert "no-store" in answer["cache-control"]
    for form in ("csv", "xlsx"):
        assert reverse(f"chat:result-{form}", args=[answered.result.id]) in answer.content.decode()


async def test_csv_holds_every_row(ann, answered, monkeypatch):
    monkeypatch.setattr(results, "FETCHED", 50)

    _answer, parts = await exported(ann, answered.result)

    lines = b"".join(parts).decode().split("\r\n")
    assert lines[:2] == ["Name,Revenue", "Customer 0,0.50"]
    assert lines[-2:] == ["Customer 119,119.50", ""]
    assert len(lines) == 122


async def test_a_workbook_holds_every_row(ann, answered, monkeypatch):
    monkeypatch.setattr(results, "FETCHED", 50)

    _answer, parts = await exported(ann, answered.result, "xlsx")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(parts)))
    rows = list(book.active.values)
    assert book.sheetnames == ["Result"]
    assert rows[:2] == [("Name", "Revenue"), ("Customer 0", 0.5)]
    assert rows[-1] == ("Customer 119", 119.5)
    assert len(rows) == 121


async def test_a_workbook_says_that_there_were_more_rows(ann, answered):
    result = await in_db(lambda: store(answered.run, [["Chai", 1]], truncated=True))

    _answer, parts = await exported(ann, result, "xlsx")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(parts)))
    assert book["Notes"]["A1"].value == "There were more rows; the first one is kept."


async def test_an_empty_result_is_a_file_of_headings(ann, answered):
    result = await in_db(store, answered.run, [])

    _answer, parts = await exported(ann, result)
    _answer, workbook = await exported(ann, result, "xlsx")

    assert b"".join(parts) == b"Name,Revenue\r\n"
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(workbook))).active
    assert list(sheet.values) == [("Name", "Revenue")]


async def test_it_is_sent_in_pieces(ann, answered, monkeypatch):
    monkeypatch.setattr(export, "PIECE", 1000)

    _answer, parts = await exported(ann, answered.result)

    assert {len(part) for part in parts[:-1]} == {1000}
    assert len(parts) > 1


async def test_formulas_are_disarmed_and_numbers_stay(ann, answered):
    rows = [["=HYPERLINK(1)", "-3.50"], ["Chai", None]]
    result = await in_db(store, answered.run, rows)

    _answer, parts = await exported(ann, result)

    assert b"".join(parts) == b"Name,Revenue\r\n'=HYPERLINK(1),-3.50\r\nChai,\r\n"


async def test_few_are_built_at_once_and_the_rest_wait(ann, answered):
    answer = await asked(ann, answered.result)
    assert export._building.acquire(blocking=False)
    assert export._building.acquire(blocking=False)

    waiting = asyncio.create_task(anext(aiter(answer.streaming_content)))
    await asyncio.wait([waiting], timeout=0.3)
    assert not waiting.done()
    export._building.release()

    await until(waiting.done)
    assert waiting.result().startswith(b"Name,Revenue")
    export._building.release()


async def test_a_file_that_cannot_be_built_frees_its_place(ann, answered, monkeypatch):
    def broken(stored, file):
        raise OSError("the disk is full")

    for _ in range(3):
        with pytest.raises(OSError, match="disk is full"):
            [part async for part in export.file_parts(answered.result, broken)]
