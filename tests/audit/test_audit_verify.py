"""The command: exit codes, the first bad number, the counts."""

import io

import pytest
from django.core.management import CommandError, call_command

from atlas.audit.checkpoints import write_checkpoint
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.audit.record import record
from atlas.audit.sealing import seal_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def checkpoints(tmp_path):
    for _ in range(3):
        record(AuditEvent.SIGNED_IN, actor=None, actor_name="ann")
    seal_once()
    write_checkpoint(tmp_path)
    return tmp_path / "checkpoints.jsonl"


def run(*arguments):
    out = io.StringIO()
    call_command("audit_verify", *arguments, stdout=out, no_color=True)
    return out.getvalue()


def test_audit_verify_says_that_the_log_is_whole(checkpoints):
    text = run("--checkpoints", str(checkpoints))
    assert text.startswith("3 entries sealed, 0 waiting, 1 checkpoints;")
    assert text.endswith("The audit log is whole.\n")


def test_audit_verify_is_itself_recorded(checkpoints):
    run("--checkpoints", str(checkpoints))
    entry = AuditEntry.objects.latest("id")
    assert (entry.event, entry.actor_name) == ("audit.verified", "audit_verify")
    assert entry.body == {"sealed": 3, "problem": ""}


def test_audit_verify_fails_and_names_the_first_bad_number(checkpoints, cluster):
    with cluster.superuser() as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("UPDATE audit_auditentry SET actor_name = 'bob'")
    with pytest.raises(CommandError, match="First bad number: 1") as failed:
        run("--checkpoints", str(checkpoints))
    assert failed.value.returncode == 1


def test_audit_verify_fails_when_the_checkpoints_are_not_genuine(checkpoints):
    checkpoints.write_text(checkpoints.read_text().replace('"number": 3', '"number": 2'))
    with pytest.raises(CommandError, match="was changed") as failed:
        run("--checkpoints", str(checkpoints))
    assert failed.value.returncode == 1
