"""What an entry keeps, and what it hides."""

import hashlib
import uuid

import pytest
from django.db import transaction

from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry, AuditPersonal
from atlas.audit.record import MAX_TEXT, record

pytestmark = pytest.mark.django_db


def test_record_keeps_who_what_and_where(ann):
    conversation = uuid.uuid4()
    entry = record(
        AuditEvent.QUERY_STARTED,
        actor=ann,
        conversation_id=conversation,
        subject="demo",
        body={"sql": "SELECT 1", "tables": ("public.orders",)},
    )
    kept = AuditEntry.objects.get(pk=entry.pk)
    assert (kept.event, kept.actor_id, kept.actor_name) == ("query.started", ann.pk, "ann")
    assert (kept.conversation_id, kept.subject) == (conversation, "demo")
    assert kept.body == {"sql": "SELECT 1", "tables": ["public.orders"]}
    assert kept.txid > 0
    assert kept.at is not None


def test_record_of_somebody_whose_name_is_kept_is_one_statement(ann, django_assert_num_queries):
    first = record(AuditEvent.QUERY_STARTED, actor=ann)
    with django_assert_num_queries(1):
        second = record(AuditEvent.QUERY_STARTED, actor=ann, subject="demo", body={"rows": 1})
    assert second.actor_key == first.actor_key
    assert AuditPersonal.objects.filter(text="ann").count() == 1
    kept = AuditEntry.objects.get(pk=second.pk)
    assert (kept.actor_name, kept.subject, kept.body) == ("ann", "demo", {"rows": 1})


def test_record_tells_people_of_one_name_apart(ann, bob):
    record(AuditEvent.SIGNED_OUT, actor=bob, actor_name="ann")
    entry = record(AuditEvent.SIGNED_OUT, actor=ann)
    keys = dict(AuditPersonal.objects.filter(text="ann").values_list("actor_id", "key"))
    assert keys[ann.pk] == entry.actor_key != keys[bob.pk]


def test_record_survives_the_deletion_of_its_actor(ann):
    entry = record(AuditEvent.SIGNED_IN, actor=ann)
    pk = ann.pk
    ann.delete()
    kept = AuditEntry.objects.get(pk=entry.pk)
    assert (kept.actor_id, kept.actor_name) == (pk, "ann")


def test_record_goes_with_the_transaction_that_fails(ann):
    def fail():
        with transaction.atomic():
            record(AuditEvent.SIGNED_IN, actor=ann)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert AuditEntry.objects.count() == 0


def test_record_takes_a_name_where_nobody_is_signed_in():
    entry = record(AuditEvent.SIGN_IN_FAILED, actor=None, actor_name="mallory\x00")
    assert (entry.actor_id, entry.actor_name) == (None, "mallory\ufffd")


def test_record_refuses_events_that_are_not_listed(ann):
    with pytest.raises(ValueError, match=r"made\.up"):
        record("made.up", actor=ann)


@pytest.mark.parametrize(
    ("key", "text", "kept"),
    [
        ("error", "postgresql://u:hunter2@h/d", "postgresql://[hidden]@h/d"),
        ("note", "password=hunter2 x", "password=[hidden] x"),
        ("sql", "SELECT 1 WHERE token = 'abc'", "SELECT 1 WHERE token = 'abc'"),
        ("sql_sent", "SELECT 1 WHERE token = 'abc'", "SELECT 1 WHERE token = 'abc'"),
    ],
)
def test_record_masks_secrets_but_never_what_was_run(key, text, kept):
    assert record(AuditEvent.QUERY_ENDED, actor=None, body={key: text}).body == {key: kept}


def test_record_keeps_the_head_and_the_hash_of_a_huge_text():
    text = "x" * (MAX_TEXT + 1)
    body = record(AuditEvent.QUERY_REFUSED, actor=None, body={"sql": text}).body
    assert body["sql"] == {
        "head": "x" * MAX_TEXT,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "length": MAX_TEXT + 1,
    }


def test_record_masks_inside_lists_and_mappings():
    body = {"problems": ["api_key=abc"], "arguments": {"to": "token=abc"}, "x": {"y": "pwd=abc"}}
    kept = record(AuditEvent.SEMANTIC_KEPT, actor=None, body=body).body
    assert kept["problems"] == ["api_key=[hidden]"]
    assert kept["x"] == {"y": "pwd=[hidden]"}
    assert kept["arguments"] == {"to": "token=abc"}
