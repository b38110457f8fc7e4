"""A stored result as a file: whole, in parts, safe, and known to the audit log."""

import pytest
from django.test import AsyncClient
from django.urls import reverse

from atlas.audit.models import AuditEntry
from atlas.chat import export
from atlas.common.db import in_db
from tests.chat.conftest import store

pytestmark = pytest.mark.django_db(transaction=True)


async def exported(user, result):
    client = AsyncClient()
    await in_db(client.force_login, user)
    answer = await client.get(reverse("chat:result-csv", args=[result.id]))
    parts = [part async for part in answer.streaming_content]
    return answer, parts


async def test_a_result_is_exported_whole_and_the_audit_log_knows(ann, answered):
    answer, parts = await exported(ann, answered.result)

    lines = b"".join(parts).decode().split("\r\n")
    assert lines[:2] == ["Name,Revenue", "Customer 0,0.50"]
    assert len(lines) == 122
    assert answer["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["content-disposition"]
    entry = await in_db(AuditEntry.objects.get, event="result.exported")
    assert (entry.actor_id, entry.subject) == (ann.pk, str(answered.result.id))


async def test_it_is_sent_in_parts(ann, answered, monkeypatch):
    monkeypatch.setattr(export, "PART_ROWS", 50)

    _answer, parts = await exported(ann, answered.result)

    assert [part.count(b"\r\n") for part in parts] == [1, 50, 50, 20]


async def test_formulas_are_disarmed_and_numbers_stay(ann, answered):
    rows = [["=HYPERLINK(1)", "-3.50"], ["Chai", None]]
    result = await in_db(store, answered.run, rows)

    _answer, parts = await exported(ann, result)

    assert b"".join(parts) == b"Name,Revenue\r\n'=HYPERLINK(1),-3.50\r\nChai,\r\n"
