"""Old entries go on purpose, the rest proves itself, and nobody else removes anything."""

import io
import json
import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from atlas.audit.checkpoints import FILE, own_checkpoints, write_checkpoint
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry, AuditPersonal, AuditSeal
from atlas.audit.pruning import prune
from atlas.audit.record import record
from atlas.audit.releasing import NotOwner
from atlas.audit.sealing import seal_once
from atlas.audit.verifying import verify
from atlas.common.errors import BadInput
from atlas.runtime.logins import APP_LOGIN, OWNER_LOGIN
from tests.audit.conftest import BOB, COUNT, TABLES, write_entries

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def at_of(log, number):
    return AuditEntry.objects.get(pk=log.ids[number - 1]).at


def run(log, *options):
    out = io.StringIO()
    place = ["--data-dir", str(log.folder)]
    call_command("audit_prune", *place, *options, stdout=out, no_color=True)
    return out.getvalue()


def verdict(log):
    return verify(own_checkpoints(log.folder))


def test_entries_before_a_moment_go_and_the_rest_still_verifies(log):
    done = prune(at_of(log, 8), log.folder)

    assert (done.count, done.number) == (7, 7)
    assert list(AuditSeal.objects.order_by("number").values_list("number", flat=True)) == [
        8,
        9,
        10,
        11,
        12,
    ]
    seal_once()
    found = verdict(log)
    assert found.is_good, found.problem
    # Five are left, and the record of the pruning itself.
    assert (found.pruned, found.sealed) == (7, 6)
    entry = AuditEntry.objects.latest("id")
    assert (entry.event, entry.actor_name) == ("audit.pruned", "audit_prune")
    assert entry.body["number"] == 7


def test_the_chain_goes_on_and_may_be_pruned_again(log):
    prune(at_of(log, 4), log.folder)
    write_entries()
    seal_once()
    write_checkpoint(log.folder)

    done = prune(timezone.now(), log.folder)

    found = verdict(log)
    assert found.is_good, found.problem
    # The last link stays: the next goes on from it.
    assert (done.count, done.number, found.pruned) == (2 * COUNT - 3, 2 * COUNT, 2 * COUNT)
    assert AuditSeal.objects.count() == 1


def test_names_go_with_the_last_entry_that_has_them(log):
    prune(at_of(log, 7), log.folder)

    kept = AuditPersonal.objects.values_list("kind", "text")
    assert set(kept) == {
        ("name", "bob"),
        ("name", "atlas"),
        ("name", "audit_prune"),
        ("address", "10.0.0.2"),
        ("subject", "user vic"),
    }


def test_nothing_goes_when_nothing_is_old_or_only_looked_at(log):
    assert run(log, "--before", "2020-01-31") == "No sealed entries are that old.\n"
    later = (at_of(log, 3)).isoformat()
    assert run(log, "--before", later, "--dry-run") == "2 entries, up to number 2, would go.\n"
    assert AuditSeal.objects.count() == COUNT
    assert run(log, "--before", later) == "2 entries, up to number 2, are removed.\n"
    with pytest.raises(BadInput, match="in the future"):
        prune(timezone.now() + timedelta(days=1), log.folder)
    with pytest.raises(CommandError, match="is no date"):
        run(log, "--before", "2026-02-31")


def test_a_log_that_is_not_whole_is_not_pruned(log, as_owner):
    as_owner(f"UPDATE audit_auditentry SET event = 'x' WHERE id = {log.ids[9]}")

    with pytest.raises(CommandError, match=r"Nothing was removed\. Entry"):
        run(log, "--before", at_of(log, 3).isoformat())

    assert AuditSeal.objects.count() == COUNT


def test_a_note_without_its_removal_harms_nothing(log, monkeypatch):
    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr("atlas.audit.pruning._record", broken)
    with pytest.raises(ZeroDivisionError):
        prune(at_of(log, 5), log.folder)

    found = verdict(log)
    assert found.is_good, found.problem
    assert (found.pruned, found.sealed) == (0, COUNT)


@pytest.mark.parametrize(
    ("tamper", "number"),
    [
        ("DELETE FROM audit_auditseal WHERE number = 8", 1),
        ("DELETE FROM audit_auditentry WHERE id = (SELECT min(id) FROM audit_auditentry)", 8),
        ("UPDATE audit_auditseal SET number = number - 7", 1),
        ("UPDATE audit_auditentry SET event = 'x' WHERE id = (SELECT max(id) - 1 FROM "
         "audit_auditentry)", 12),
    ],
)  # fmt: skip
def test_tampering_with_what_is_left_is_found(log, as_owner, tamper, number):
    prune(at_of(log, 8), log.folder)
    as_owner(tamper)

    assert verdict(log).first_bad == number


def test_a_pruned_log_without_its_signed_note_is_not_whole(log):
    prune(at_of(log, 8), log.folder)
    file = log.folder / FILE
    lines = file.read_text().splitlines()
    assert json.loads(lines[-1])["pruned"] is True
    file.write_text("\n".join(lines[:-1]) + "\n")

    assert verdict(log).first_bad == 1


def test_an_export_of_a_pruned_log_proves_itself(log, tmp_path):
    prune(at_of(log, 8), log.folder)
    out = tmp_path / "out"
    place = ["--data-dir", str(log.folder)]

    call_command("audit_export", str(out), *place, stdout=io.StringIO())

    done = subprocess.run(
        [sys.executable, "-I", out / "verify.py"], capture_output=True, text=True, check=False
    )
    assert done.stdout == "5 entries fit their chain; 2 signed checkpoints lie within them.\n"


def test_the_login_that_runs_atlas_removes_nothing(log, monkeypatch):
    settings = {**connections.settings["owner"], **connections.settings["default"]}
    monkeypatch.setitem(connections.settings, "owner", settings)
    connections["owner"].close()
    del connections["owner"]
    try:
        with pytest.raises(NotOwner, match="DATABASE_OWNER_URL"):
            prune(at_of(log, 8), log.folder)
    finally:
        connections["owner"].close()
        del connections["owner"]
    found = verdict(log)
    assert found.is_good, found.problem
    assert AuditEntry.objects.filter(event="audit.pruned").count() == 0
    assert not any(one.pruned for one in own_checkpoints(log.folder))


@pytest.mark.parametrize("table", TABLES)
def test_the_setting_that_releases_gives_the_app_no_right(cluster, table, log):
    release = f"SET atlas.audit_removal = '{table}'"
    with psycopg.connect(cluster.url(APP_LOGIN), autocommit=True) as app:
        app.execute(release)
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)


@pytest.mark.parametrize("table", TABLES)
def test_the_setting_releases_deletions_from_one_table_and_nothing_else(cluster, table, log):
    other = next(one for one in TABLES if one != table)
    with psycopg.connect(cluster.url(OWNER_LOGIN), autocommit=True) as owner:
        owner.execute(f"SET atlas.audit_removal = '{other}'")
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {other}"):
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                owner.execute(statement)


def test_a_name_that_is_used_again_while_it_goes_stays(log):
    """Whoever comes with the name of a pruned entry has it under a key that is there."""
    prune(at_of(log, 12), log.folder)
    record(AuditEvent.SIGNED_OUT, actor=BOB)
    seal_once()

    assert verdict(log).is_good
    assert AuditEntry.objects.latest("id").actor_name == "bob"


def test_whoever_is_about_to_record_is_not_kept_from_it(log, cluster):
    """A transaction that has recorded and goes on keeps its name, and pruning does not wait."""
    with psycopg.connect(cluster.url()) as slow:
        slow.execute(
            "INSERT INTO audit_auditentry (event, actor_name, subject, body, actor_key)"
            " SELECT 'account.signed_out', '', '', '{}', actor_key FROM audit_auditentry"
            f" WHERE id = {log.ids[0]}"
        )
        prune(at_of(log, 7), log.folder)
        assert AuditPersonal.objects.filter(text="ann").exists()
        slow.commit()
    seal_once()

    assert verdict(log).is_good
    assert AuditEntry.objects.latest("id").actor_name in {"ann", "audit_prune"}
