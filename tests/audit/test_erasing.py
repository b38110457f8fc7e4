"""A person goes from the log; what they did stays, and the chain still verifies."""

import io
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from atlas.audit.checkpoints import own_checkpoints
from atlas.audit.erasing import erase
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry, AuditPersonal
from atlas.audit.reading import shown_body, shown_name, shown_subject
from atlas.audit.record import record
from atlas.audit.sealing import seal_once
from atlas.audit.verifying import verify
from tests.audit.conftest import ANN, BOB, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def verdict(log):
    seal_once()
    return verify(own_checkpoints(log.folder))


def nth(log, number):
    return AuditEntry.objects.get(pk=log.ids[number - 1])


def test_names_and_addresses_of_a_person_go_and_the_chain_still_verifies(log):
    done = erase("2")

    # The name as signed in and as typed, and one address.
    assert (done.actor_id, done.texts, done.plain) == (2, 3, 0)
    found = verdict(log)
    assert found.is_good, found.problem
    assert "bob" not in AuditPersonal.objects.values_list("text", flat=True)
    assert [(shown_name(nth(log, at)), nth(log, at).actor_id) for at in (7, 8, 11)] == [
        ("erased", 2),
        ("erased", 2),
        ("erased", None),
    ]
    assert shown_body(nth(log, 7)) == {"address": "erased"}
    assert nth(log, 10).body == {"rows": 12, "outcome": "ok"}


def test_others_stay(log):
    erase("2")

    assert [shown_name(nth(log, at)) for at in (1, 5, 6)] == ["ann", "ann", "atlas"]
    assert shown_body(nth(log, 1)) == {"address": "10.0.0.1"}
    assert shown_subject(nth(log, 3)) == "user vic"


def test_all_names_that_an_account_had_go(log):
    record(AuditEvent.SIGNED_IN, actor=Person(BOB.pk, "robert"))
    record(AuditEvent.ROLE_CHANGED, actor=ANN, subject="user bob")
    record(AuditEvent.ROLE_CHANGED, actor=ANN, subject="user robert")

    erase("robert")

    texts = set(AuditPersonal.objects.values_list("text", flat=True))
    assert texts == {"ann", "atlas", "10.0.0.1", "user vic", "audit_erase"}
    assert verdict(log).is_good
    assert shown_subject(AuditEntry.objects.filter(event="account.role_changed").latest("id")) == (
        "erased"
    )


def test_the_erasure_is_recorded_without_the_name(log):
    erase("bob")

    entry = AuditEntry.objects.latest("id")
    assert (entry.event, entry.actor_name, entry.subject) == (
        "audit.erased",
        "audit_erase",
        "user 2",
    )
    keys = {nth(log, 7).actor_key, nth(log, 11).actor_key}
    assert set(entry.body) == {"keys"}
    assert set(entry.body["keys"]) == keys


def test_an_account_that_never_acted_is_erased_as_a_subject(log, ann):
    record(AuditEvent.ACCOUNT_MADE, actor=BOB, subject="user ann")

    done = erase("ann")

    assert done.actor_id == ann.pk
    assert shown_subject(AuditEntry.objects.get(event="account.made")) == "erased"


def test_whoever_acts_again_is_named_again(log):
    erase("2")
    record(AuditEvent.SIGNED_OUT, actor=BOB)

    assert AuditEntry.objects.latest("id").actor_name == "bob"
    assert verdict(log).is_good
    assert shown_name(nth(log, 7)) == "erased"


def test_what_was_not_recorded_as_erased_is_found(log, as_owner):
    erase("2")
    as_owner("DELETE FROM audit_auditpersonal WHERE actor_id = 1 AND kind = 'name'")

    assert verdict(log).first_bad == 1


def test_a_record_of_an_erasure_cannot_be_changed_to_cover_more(log, as_owner):
    erase("2")
    seal_once()
    as_owner(
        # Adds the keys of everybody to what the record says.
        "UPDATE audit_auditentry SET body = jsonb_build_object('keys', (SELECT jsonb_agg(key)"
        " FROM (SELECT key FROM audit_auditpersonal UNION"
        " SELECT jsonb_array_elements_text(body->'keys') FROM audit_auditentry"
        " WHERE event = 'audit.erased') AS all_keys)) WHERE event = 'audit.erased'",
        "DELETE FROM audit_auditpersonal",
    )

    assert verdict(log).first_bad == 13


def test_an_erased_name_put_back_by_somebody_does_not_fit(log, as_owner):
    key = nth(log, 7).actor_key
    erase("2")
    as_owner(f"INSERT INTO audit_auditpersonal VALUES ('{key}', 'name', 2, 'eve', 'salt')")

    assert verdict(log).first_bad == 7


def test_entries_of_an_older_version_are_counted(log, as_owner):
    as_owner(
        "INSERT INTO audit_auditentry (event, actor_id, actor_name, subject, body)"
        " VALUES ('account.signed_in', 2, 'bob', '', '{}')"
    )
    entry = AuditEntry.objects.latest("id")
    assert (entry.actor_name, entry.actor_key) == ("bob", "")
    out = io.StringIO()

    call_command("audit_erase", "bob", stdout=out, no_color=True)

    assert out.getvalue() == (
        "3 texts about account 2 are erased from the audit log.\n"
        "1 entries of an older version hold the name in their chain; audit_prune can remove them.\n"
    )


@pytest.mark.parametrize("name", ["nobody", "77", ""])
def test_a_name_that_the_log_does_not_know_is_said(log, name):
    with pytest.raises(CommandError, match="knows nobody"):
        call_command("audit_erase", name)
    assert AuditEntry.objects.filter(event="audit.erased").count() == 0


def test_an_export_holds_no_erased_name_and_proves_itself(log, tmp_path):
    erase("2")
    out = tmp_path / "out"

    call_command("audit_export", str(out), "--data-dir", str(log.folder), stdout=io.StringIO())

    texts = (out / "texts.jsonl").read_text()
    assert "ann" in texts
    assert "bob" not in "".join(file.read_text() for file in out.iterdir())
    done = subprocess.run([sys.executable, "-I", out / "verify.py"], check=False)
    assert done.returncode == 0
    (out / "texts.jsonl").write_text(texts.replace('"ann"', '"eve"', 1))
    said = subprocess.run(
        [sys.executable, "-I", out / "verify.py"], capture_output=True, text=True, check=False
    )
    assert "texts.jsonl was changed" in said.stdout
