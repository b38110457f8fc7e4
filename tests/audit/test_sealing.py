"""What gets sealed, when, and that tampering is found at the right number."""

import asyncio
import threading

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from atlas.audit import tasks
from atlas.audit.chain import COLUMNS, START, Content, link_after
from atlas.audit.checkpoints import CheckpointError, read_checkpoints, write_checkpoint
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry, AuditSeal
from atlas.audit.reading import shown_body
from atlas.audit.record import record
from atlas.audit.sealing import seal_once
from atlas.audit.tasks import Sealer
from atlas.audit.verifying import verify

pytestmark = pytest.mark.django_db(transaction=True)


def write(count, **details):
    return [
        record(AuditEvent.SIGNED_IN, actor=None, actor_name=f"person {at}", **details)
        for at in range(count)
    ]


@pytest.fixture
def sealed():
    """Ten entries, all in the chain."""
    entries = write(10)
    assert len(seal_once()) == 10
    return entries


@pytest.fixture
def tamper(cluster):
    """Run a statement as somebody who has switched the triggers off."""

    def run(statement, *values):
        with cluster.superuser() as superuser:
            superuser.execute("SET session_replication_role = replica")
            superuser.execute(statement, values)

    return run


def test_sealing_numbers_every_entry_once_in_order(sealed):
    assert seal_once() == []
    seals = list(AuditSeal.objects.order_by("number").values_list("number", "entry_id"))
    assert seals == [(at + 1, entry.pk) for at, entry in enumerate(sealed)]
    verdict = verify()
    assert verdict.is_good
    assert (verdict.sealed, verdict.unsealed, verdict.overdue) == (10, 0, 0)


def test_sealing_in_small_batches_gives_one_chain():
    write(7)
    assert [len(seal_once(3)) for _ in range(4)] == [3, 3, 1, 0]
    assert verify().sealed == 7


def test_sealing_takes_all_entries_of_one_transaction_over_several_batches():
    with transaction.atomic():
        write(7)
    assert [len(seal_once(3)) for _ in range(4)] == [3, 3, 1, 0]
    assert verify().sealed == 7


def test_sealing_waits_for_older_transactions_and_leaves_nobody_out(cluster):
    insert = (
        "INSERT INTO audit_auditentry (event, actor_name, subject, body) VALUES (%s, '', '', '{}')"
    )
    with psycopg.connect(cluster.url()) as slow:
        slow.execute(insert, ["account.signed_in"])
        write(3)
        assert seal_once() == []
        slow.commit()
    assert len(seal_once()) == 4
    assert verify().is_good


def test_sealing_by_two_at_once_makes_one_chain():
    write(200)
    done = []

    def seal():
        try:
            while AuditSeal.objects.count() < 200:
                done.append(len(seal_once(10)))
        finally:
            connection.close()

    threads = [threading.Thread(target=seal) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 200
    assert verify().sealed == 200


def test_sealing_goes_on_after_a_restore_on_a_server_that_counts_from_one(tamper):
    write(3)
    tamper("UPDATE audit_auditentry SET txid = txid + 1000000000")
    assert len(seal_once()) == 3
    write(2)
    assert len(seal_once()) == 2
    write(2)
    assert len(seal_once()) == 2
    assert verify().sealed == 7


TAMPERING = [
    ("UPDATE audit_auditentry SET actor_name = 'x' WHERE id = %s", 4, 4),
    ("UPDATE audit_auditentry SET body = '{\"a\": 1}' WHERE id = %s", 10, 10),
    ("UPDATE audit_auditentry SET at = at + interval '1 us' WHERE id = %s", 1, 1),
    ("UPDATE audit_auditentry SET event = 'x', subject = 'y' WHERE id = %s", 7, 7),
    ("DELETE FROM audit_auditentry WHERE id = %s", 5, 5),
    ("DELETE FROM audit_auditseal WHERE entry_id = %s", 6, 6),
    ("UPDATE audit_auditseal SET digest = sha256('x') WHERE entry_id = %s", 3, 3),
]


@pytest.mark.parametrize(("statement", "which", "bad"), TAMPERING)
def test_verify_finds_the_first_bad_number(sealed, tamper, statement, which, bad):
    tamper(statement, sealed[which - 1].pk)
    verdict = verify()
    assert not verdict.is_good
    assert verdict.first_bad == bad


def test_verify_finds_two_entries_swapped(sealed, tamper):
    low, high = sealed[2].pk, sealed[5].pk
    tamper("UPDATE audit_auditseal SET entry_id = -1 WHERE entry_id = %s", low)
    tamper("UPDATE audit_auditseal SET entry_id = %s WHERE entry_id = %s", low, high)
    tamper("UPDATE audit_auditseal SET entry_id = %s WHERE entry_id = -1", high)
    assert verify().first_bad == 3


def test_verify_sees_a_cut_tail_only_by_a_checkpoint(sealed, tamper, tmp_path):
    written = write_checkpoint(tmp_path)
    assert written.number == 10
    tamper("DELETE FROM audit_auditentry WHERE id >= %s", sealed[7].pk)
    tamper("DELETE FROM audit_auditseal WHERE entry_id >= %s", sealed[7].pk)
    assert verify().is_good
    verdict = verify(read_checkpoints(tmp_path / "checkpoints.jsonl"))
    assert verdict.first_bad == 8
    assert verdict.problem == "The log ends at 7, but a checkpoint signed 10 entries."


def test_verify_sees_a_chain_written_anew_by_a_checkpoint(sealed, tamper, tmp_path):
    write_checkpoint(tmp_path)
    tamper("UPDATE audit_auditentry SET actor_name = 'x' WHERE id = %s", sealed[3].pk)
    tamper("DELETE FROM audit_auditseal")
    assert len(seal_once()) == 10
    assert verify().is_good
    verdict = verify(read_checkpoints(tmp_path / "checkpoints.jsonl"))
    assert verdict.first_bad == 10


def test_verify_names_entries_that_nobody_sealed(tamper):
    entry = write(1)[0]
    assert verify().is_good
    tamper("UPDATE audit_auditentry SET at = at - interval '2 min' WHERE id = %s", entry.pk)
    verdict = verify()
    assert (verdict.overdue, verdict.is_good) == (1, False)


def test_checkpoint_is_written_only_when_the_chain_grew(sealed, tmp_path):
    assert write_checkpoint(tmp_path).number == 10
    assert write_checkpoint(tmp_path) is None
    write(1)
    seal_once()
    assert write_checkpoint(tmp_path).number == 11
    found = read_checkpoints(tmp_path / "checkpoints.jsonl")
    assert [checkpoint.number for checkpoint in found] == [10, 11]
    for name in ("checkpoints.jsonl", "audit.key"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("fault", ["edit", "remove", "swap", "garbage"])
def test_checkpoints_refuse_a_changed_file(tmp_path, fault):
    for _ in range(3):
        write(1)
        seal_once()
        write_checkpoint(tmp_path)
    file = tmp_path / "checkpoints.jsonl"
    lines = file.read_text().splitlines()
    if fault == "edit":
        lines[1] = lines[1].replace('"number": 2', '"number": 9')
    elif fault == "remove":
        del lines[0]
    elif fault == "swap":
        lines[0], lines[1] = lines[1], lines[0]
    else:
        lines[2] = "[]"
    file.write_text("\n".join(lines))
    with pytest.raises(CheckpointError, match="was changed, moved or removed"):
        read_checkpoints(file)


def test_checkpoints_refuse_the_key_of_another_installation(sealed, tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    write_checkpoint(ours)
    write_checkpoint(theirs)
    with pytest.raises(CheckpointError):
        read_checkpoints(ours / "checkpoints.jsonl", theirs / "audit.pub")


async def test_sealer_seals_in_the_background_and_signs_at_its_end(tmp_path):
    sealer = Sealer(tmp_path)
    await sealer.start()
    await asyncio.to_thread(_in_thread, lambda: write(5))
    await sealer.stop()
    assert await asyncio.to_thread(_in_thread, lambda: verify().sealed) == 5
    assert [c.number for c in read_checkpoints(tmp_path / "checkpoints.jsonl")] == [5]


def _in_thread(work):
    try:
        return work()
    finally:
        connection.close()


def test_entries_can_be_read_back_in_order(sealed):
    assert list(AuditEntry.objects.values_list("pk", flat=True).order_by("pk")) == [
        entry.pk for entry in sealed
    ]


async def test_sealer_finds_at_its_end_what_came_below_the_ids_it_looks_at(tmp_path):
    await asyncio.to_thread(_in_thread, lambda: write(3))
    sealer = Sealer(tmp_path)
    sealer._highest = 10**9
    await sealer._seal()
    assert await asyncio.to_thread(_in_thread, AuditSeal.objects.count) == 0
    await sealer.stop()
    assert await asyncio.to_thread(_in_thread, AuditSeal.objects.count) == 3


async def test_sealer_works_while_it_runs_and_after_an_outage(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(tasks, "EVERY_S", 0.01)
    monkeypatch.setattr(tasks, "CHECKPOINT_EVERY_S", 0.0)
    outages = iter([OperationalError("the database is away")])

    def seal(**options):
        for error in outages:
            raise error
        return seal_once(**options)

    monkeypatch.setattr(tasks, "seal_once", seal)
    await asyncio.to_thread(_in_thread, lambda: write(3))
    sealer = Sealer(tmp_path)
    await sealer.start()
    for _ in range(500):
        if await asyncio.to_thread(_in_thread, AuditSeal.objects.count) == 3:
            break
        await asyncio.sleep(0.01)
    await sealer.stop()
    assert [c.number for c in read_checkpoints(tmp_path / "checkpoints.jsonl")] == [3]
    assert "The sealing of the audit log waits for Postgres: the database is away" in caplog.text


async def test_sealer_ends_even_when_nothing_can_be_written(tmp_path, monkeypatch):
    def away(**options):
        raise OperationalError("the database is away")

    monkeypatch.setattr(tasks, "seal_once", away)
    sealer = Sealer(tmp_path)
    await sealer.start()
    await sealer.stop()
    assert list(tmp_path.iterdir()) == []


OLDER = """
INSERT INTO audit_auditentry (event, actor_id, actor_name, subject, body)
VALUES ('account.signed_in', 1, 'ann', 'user bob', '{"address": "10.0.0.1"}')
"""


def test_a_log_of_an_older_version_still_verifies_and_goes_on(tamper):
    """Its names are plain, and its seals say nothing of when they were made."""
    with connection.cursor() as cursor:
        for _ in range(3):
            cursor.execute(OLDER)
        cursor.execute(f"SELECT {COLUMNS} FROM audit_auditentry AS e ORDER BY id")
        contents = [Content(*row) for row in cursor.fetchall()]
        link = START
        for content in contents:
            link = link_after(link, content, 0, form=1)
            cursor.execute(
                "INSERT INTO audit_auditseal (number, entry_id, digest) VALUES (%s, %s, %s)",
                [link.number, content.id, link.digest],
            )
    write(2)
    assert len(seal_once()) == 2

    verdict = verify()
    assert (verdict.problem, verdict.sealed) == ("", 5)
    entry = AuditEntry.objects.order_by("id")[0]
    assert (entry.actor_name, entry.subject) == ("ann", "user bob")
    assert shown_body(entry) == {"address": "10.0.0.1"}

    tamper("UPDATE audit_auditentry SET actor_name = 'eve' WHERE id = %s", contents[1].id)
    assert verify().first_bad == 2
