"""Whatever an owner of the tables or of the files does to the log, audit_verify names the place."""

import base64
import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from atlas.audit import checkpoints
from atlas.audit.chain import COLUMNS, SEALED_AT, START, Content, link_after
from atlas.audit.checkpoints import FILE, PRIVATE_KEY, PUBLIC_KEY
from atlas.audit.sealing import seal_once
from tests.audit.conftest import COUNT, TABLES, owner_of, sealed_log

ENTRY, SEAL, TEXT = "audit_auditentry", "audit_auditseal", "audit_auditpersonal"


def nth(number):
    """The id of the entry with this number."""
    return f"(SELECT entry_id FROM {SEAL} WHERE number = {number})"


def entry(number, change):
    return f"UPDATE {ENTRY} SET {change} WHERE id = {nth(number)}"


def seal(number, change):
    return f"UPDATE {SEAL} SET {change} WHERE number = {number}"


def text_of(number, column="actor_key"):
    return f"(SELECT {column} FROM {ENTRY} WHERE id = {nth(number)})"


def swap(table, key, one, two):
    """Exchange what two rows are known by."""
    update = f"UPDATE {table} SET {key} = "
    return [
        f"{update}-7 WHERE {key} = {one}",
        f"{update}{one} WHERE {key} = {two}",
        f"{update}{two} WHERE {key} = -7",
    ]


FORGED = f"""
INSERT INTO {ENTRY} (event, actor_id, actor_name, subject, body)
VALUES ('request.approved', 2, '', 'request 1', '{{}}')
"""
NEWEST = f"(SELECT max(id) FROM {ENTRY})"
NO_DIGEST = "'\\x00'::bytea"
BOTH = "WITH gone AS (DELETE FROM {seal} WHERE {where} RETURNING entry_id) DELETE FROM {entry}"
BOTH += " WHERE id IN (SELECT entry_id FROM gone)"


def without(where):
    """Delete entries together with their seals."""
    return BOTH.format(seal=SEAL, entry=ENTRY, where=where)


# What is done, and the number that is named.
COLUMNS_OF_AN_ENTRY = {
    "id moved": (entry(5, "id = id + 1000"), 5),
    "time moved by a microsecond": (entry(1, "at = at + interval '1 us'"), 1),
    "time without end": (entry(4, "at = 'infinity'"), 4),
    "time before all": (entry(4, "at = '-infinity'"), 4),
    "transaction": (entry(2, "txid = txid + 1"), 2),
    "event": (entry(3, "event = 'account.signed_out'"), 3),
    "event in other letters": (entry(3, "event = upper(event)"), 3),
    "actor": (entry(8, "actor_id = 1"), 8),
    "nobody for an actor": (entry(8, "actor_id = NULL"), 8),
    "somebody for nobody": (entry(5, "actor_id = 2"), 5),
    "name in plain": (entry(9, "actor_name = 'eve'"), 9),
    "key of a name": (entry(7, f"actor_key = {text_of(1)}"), 7),
    "no key of a name": (entry(7, "actor_key = ''"), 7),
    "conversation": (entry(8, "conversation_id = gen_random_uuid()"), 8),
    "no conversation": (entry(8, "conversation_id = NULL"), 8),
    "a conversation for none": (entry(10, "conversation_id = gen_random_uuid()"), 10),
    "subject": (entry(6, "subject = 'shop'"), 6),
    "a space behind the subject": (entry(6, "subject = subject || ' '"), 6),
    "key of a subject": (entry(3, "subject_key = ''"), 3),
    "value in the body": (entry(4, "body = jsonb_set(body, '{rows}', '13')"), 4),
    "digits of a number in the body": (entry(4, "body = jsonb_set(body, '{rows}', '12.0')"), 4),
    "more in the body": (entry(12, "body = body || '{\"note\": null}'"), 12),
    "less in the body": (entry(4, "body = body - 'outcome'"), 4),
    "no body": (entry(1, "body = '{}'"), 1),
    "everything of another entry": (
        f"UPDATE {ENTRY} AS e SET (at, txid, event, actor_id, actor_key, conversation_id, subject,"
        f" subject_key, body) = (SELECT at, txid, event, actor_id, actor_key, conversation_id,"
        f" subject, subject_key, body FROM {ENTRY} WHERE id = {nth(2)}) WHERE id = {nth(11)}",
        11,
    ),
}
COLUMNS_OF_A_SEAL = {
    "number of the last": (seal(12, "number = 40"), 12),
    "number of the first": (seal(1, "number = 0"), 1),
    "number below none": (seal(1, "number = -3"), 1),
    "entry": (seal(6, "entry_id = 999999"), 6),
    "digest": (seal(6, "digest = sha256('x')"), 6),
    "digest of another": (seal(6, f"digest = (SELECT digest FROM {SEAL} WHERE number = 5)"), 6),
    "short digest": (seal(6, "digest = substring(digest FOR 31)"), 6),
    "no digest": (seal(6, f"digest = {NO_DIGEST}"), 6),
    "time of sealing": (seal(6, "sealed_at = sealed_at - interval '1 us'"), 6),
    "time of sealing without end": (seal(6, "sealed_at = 'infinity'"), 6),
    "form": (seal(6, "form = 1"), 6),
    "form that is none": (seal(6, "form = 9"), 6),
}
ROWS = {
    "first entry deleted": (f"DELETE FROM {ENTRY} WHERE id = {nth(1)}", 1),
    "middle entry deleted": (f"DELETE FROM {ENTRY} WHERE id = {nth(7)}", 7),
    "last entry deleted": (f"DELETE FROM {ENTRY} WHERE id = {nth(12)}", 12),
    "first seal deleted": (f"DELETE FROM {SEAL} WHERE number = 1", 1),
    "middle seal deleted": (f"DELETE FROM {SEAL} WHERE number = 7", 7),
    "last seal deleted": (f"DELETE FROM {SEAL} WHERE number = 12", 12),
    "first deleted with its seal": (without("number = 1"), 1),
    "middle deleted with its seal": (without("number BETWEEN 4 AND 6"), 4),
    "last deleted with its seal": (without("number = 12"), 12),
    "tail cut": (without("number > 3"), 4),
    "a person's entries deleted": (
        without(f"entry_id IN (SELECT id FROM {ENTRY} WHERE actor_id = 2)"),
        7,
    ),
    "entries truncated": (f"TRUNCATE {ENTRY}", 1),
    "seals truncated": (f"TRUNCATE {SEAL}", 1),
    "everything truncated": (f"TRUNCATE {ENTRY}, {SEAL}, {TEXT}", 1),
    "seal of nothing": (f"INSERT INTO {SEAL} VALUES (13, 999999, {NO_DIGEST}, now(), 2)", 13),
    "forged entry with a seal": (
        [FORGED, f"INSERT INTO {SEAL} VALUES (13, {NEWEST}, {NO_DIGEST}, now(), 2)"],
        13,
    ),
    "forged entry put between": (
        [
            f"UPDATE {SEAL} SET number = -number - 1 WHERE number > 5",
            f"UPDATE {SEAL} SET number = -number WHERE number < 0",
            FORGED,
            f"INSERT INTO {SEAL} VALUES (6, {NEWEST}, {NO_DIGEST}, now(), 2)",
        ],
        6,
    ),
    "deleted, and the rest renumbered": (
        [
            without("number = 3"),
            f"UPDATE {SEAL} SET number = -number + 1 WHERE number > 3",
            f"UPDATE {SEAL} SET number = -number WHERE number < 0",
        ],
        3,
    ),
    "first deleted, and the rest renumbered": (
        [
            without("number = 1"),
            f"UPDATE {SEAL} SET number = -number + 1",
            f"UPDATE {SEAL} SET number = -number",
        ],
        1,
    ),
    "all renumbered": (
        [f"UPDATE {SEAL} SET number = -number - 5", f"UPDATE {SEAL} SET number = -number"],
        1,
    ),
    "two seals swapped": (swap(SEAL, "number", 4, 9), 4),
    "neighbours swapped": (swap(SEAL, "number", 11, 12), 11),
    "entries of two seals swapped": (
        f"UPDATE {SEAL} AS s SET entry_id = -o.entry_id FROM {SEAL} AS o WHERE"
        " (s.number, o.number) IN ((2, 10), (10, 2))",
        2,
    ),
    "order turned round": (
        [f"UPDATE {SEAL} SET number = number - 100", f"UPDATE {SEAL} SET number = -87 - number"],
        1,
    ),
    "an entry sealed a second time": (
        [
            f"ALTER TABLE {SEAL} DROP CONSTRAINT audit_auditseal_entry_id_key",
            "sealed again",
        ],
        13,
    ),
}
TEXTS = {
    "name changed": (f"UPDATE {TEXT} SET text = 'eve' WHERE key = {text_of(1)}", 1),
    "name given to another account": (
        f"UPDATE {TEXT} SET actor_id = 1 WHERE key = {text_of(7)}",
        7,
    ),
    "name of a subject changed": (
        f"UPDATE {TEXT} SET text = 'user eve' WHERE key = {text_of(3, 'subject_key')}",
        3,
    ),
    "salt changed": (f"UPDATE {TEXT} SET salt = 'x' WHERE key = {text_of(6)}", 6),
    "kind changed": (f"UPDATE {TEXT} SET kind = 'subject' WHERE key = {text_of(7)}", 7),
    "address changed": (
        f"UPDATE {TEXT} SET text = '10.9.9.9' WHERE kind = 'address' AND actor_id = 2",
        7,
    ),
    "two names swapped": (
        f"UPDATE {TEXT} AS t SET text = o.text FROM {TEXT} AS o WHERE t.kind = 'name'"
        " AND o.kind = 'name' AND t.actor_id <> o.actor_id",
        1,
    ),
    "name deleted, not erased": (f"DELETE FROM {TEXT} WHERE key = {text_of(7)}", 7),
    "address deleted, not erased": (
        f"DELETE FROM {TEXT} WHERE kind = 'address' AND actor_id = 2",
        7,
    ),
    "all texts deleted": (f"DELETE FROM {TEXT}", 1),
}
KINDS = COLUMNS_OF_AN_ENTRY | COLUMNS_OF_A_SEAL | ROWS | TEXTS


# Made once; what a test has done to it is undone by copies of the three tables and of the folder.
COPY = "CREATE TABLE copied.{0} AS TABLE {0}"
RESTORE = "DELETE FROM {0}; INSERT INTO {0} SELECT * FROM copied.{0};"


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, cluster, tmp_path_factory):
    folder = tmp_path_factory.mktemp("log")
    with django_db_blocker.unblock(), cluster.superuser() as superuser:
        superuser.execute("SET session_replication_role = replica")
        log = sealed_log(folder / "data")
        shutil.copytree(log.folder, folder / "copy")
        superuser.execute("CREATE SCHEMA copied")
        for table in TABLES:
            superuser.execute(COPY.format(table))
        yield log, superuser
        for table in TABLES:
            superuser.execute(f"DELETE FROM {table}")
        superuser.execute("DROP SCHEMA copied CASCADE")
        connection.close()


@pytest.fixture
def log(made):
    log, superuser = made
    yield log
    superuser.execute("".join(RESTORE.format(table) for table in TABLES))
    shutil.rmtree(log.folder)
    shutil.copytree(log.folder.with_name("copy"), log.folder)


@pytest.fixture(scope="module")
def as_owner(cluster):
    with owner_of(cluster) as run:
        yield run


def found(log, *options):
    """What audit_verify says of a log that is not whole."""
    place = ["--data-dir", str(log.folder), *options]
    with pytest.raises(CommandError) as failed:
        call_command("audit_verify", *place, stdout=io.StringIO())
    assert failed.value.returncode == 1
    return str(failed.value)


def test_a_log_that_nobody_touched_is_whole(log):
    out = io.StringIO()
    call_command("audit_verify", "--data-dir", str(log.folder), stdout=out, no_color=True)
    assert out.getvalue().startswith(f"{COUNT} entries sealed, 0 waiting, 2 checkpoints;")
    assert out.getvalue().endswith("The audit log is whole.\n")


def sealed_again():
    """The seal that makes the second entry the thirteenth link as well, as the sealer would."""
    return f"""
        INSERT INTO {SEAL} SELECT 13, entry_id, digest, sealed_at, form FROM {SEAL}
        WHERE number = 2
    """


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_owner_of_the_tables_does_is_found(log, as_owner, kind):
    done, number = KINDS[kind]
    statements = [done] if isinstance(done, str) else done
    try:
        as_owner(*[sealed_again() if one == "sealed again" else one for one in statements])
        if "sealed again" in statements:
            reseal(as_owner)
        assert found(log).startswith(f"First bad number: {number}.")
    finally:
        if any("DROP CONSTRAINT" in one for one in statements):
            as_owner(
                f"DELETE FROM {SEAL} WHERE number = 13",
                f"ALTER TABLE {SEAL} ADD CONSTRAINT audit_auditseal_entry_id_key UNIQUE (entry_id)",
            )


def test_there_are_at_least_fifty_kinds():
    assert len(KINDS) >= 50


def reseal(as_owner):
    """Give every seal the digest that fits, as somebody may who knows how."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.number, s.form, {SEALED_AT}, {COLUMNS} FROM {SEAL} AS s"
            f" JOIN {ENTRY} AS e ON e.id = s.entry_id ORDER BY s.number"
        )
        rows = cursor.fetchall()
    link = START
    statements = []
    for number, form, sealed_at_us, *content in rows:
        link = link_after(link, Content(*content), sealed_at_us, form)
        statements.append(seal(number, f"digest = '\\x{link.digest.hex()}'"))
    as_owner(*statements)


@pytest.mark.parametrize(
    ("done", "number"),
    [
        (entry(4, "body = '{\"rows\": 1}'"), 6),
        (entry(9, "actor_id = 1"), 12),
        (f"UPDATE {SEAL} SET sealed_at = now()", 6),
        (swap(SEAL, "number", 8, 9), 12),
    ],
    ids=["in what the first checkpoint signed", "in what the last signed", "times", "order"],
)
def test_a_chain_written_anew_is_found_by_the_checkpoint_after_it(log, as_owner, done, number):
    as_owner(*([done] if isinstance(done, str) else done))
    reseal(as_owner)

    said = found(log)

    assert said == (
        f"First bad number: {number}. Number {number} is not what was signed at its checkpoint."
    )


def test_entries_that_are_kept_from_the_sealer_are_found(log, as_owner):
    as_owner(FORGED, f"UPDATE {ENTRY} SET at = now() - interval '2 min' WHERE id = {NEWEST}")

    assert found(log).startswith(f"First bad number: {COUNT + 1}. 1 entries older than 60 s")


def test_a_moment_without_end_does_not_stop_the_sealer(log, as_owner):
    as_owner(FORGED, f"UPDATE {ENTRY} SET at = 'infinity' WHERE id = {NEWEST}")

    assert len(seal_once()) == 1


def with_line(number, change):
    """Change the fields of one line of the checkpoints."""

    def edit(lines):
        fields = json.loads(lines[number - 1])
        change(fields)
        return [*lines[: number - 1], json.dumps(fields), *lines[number:]]

    return edit


CHECKPOINTS = {
    "number": (with_line(1, lambda f: f.update(number=5)), 1),
    "number of the last": (with_line(2, lambda f: f.update(number=6)), 2),
    "digest": (with_line(2, lambda f: f.update(digest="00" * 32)), 2),
    "time": (with_line(1, lambda f: f.update(at="2026-01-01T00:00:00+00:00")), 1),
    "line before": (with_line(2, lambda f: f.update(previous="00" * 32)), 2),
    "signature": (with_line(2, lambda f: f.update(signature="AAAA")), 2),
    "no signature": (with_line(2, lambda f: f.pop("signature")), 2),
    "signature of another": (
        lambda lines: with_line(2, lambda f: f.update(signature=json.loads(lines[0])["signature"]))(
            lines
        ),
        2,
    ),
    "said to be pruned": (with_line(1, lambda f: f.update(pruned=True)), 1),
    "more fields": (with_line(1, lambda f: f.update(note="x")), 1),
    "first removed": (lambda lines: lines[1:], 1),
    "swapped": (lambda lines: lines[::-1], 1),
    "repeated": (lambda lines: [*lines, lines[0]], 3),
    "rubbish": (lambda lines: [*lines, "[]"], 3),
    "no JSON": (lambda lines: [lines[0], "{"], 2),
}


@pytest.mark.parametrize("kind", CHECKPOINTS)
def test_edits_of_the_checkpoints_are_found_with_their_line(log, kind):
    edit, line = CHECKPOINTS[kind]
    file = log.folder / FILE
    file.write_text("\n".join(edit(file.read_text().splitlines())))

    good = (
        f"it is genuine up to number {COUNT // 2 * (line - 1)}" if line > 1 else "none is genuine"
    )
    assert found(log) == f"Line {line} of {file} was changed, moved or removed; {good}."


def emptied(folder):
    (folder / FILE).write_text("")
    return "was emptied"


def removed(folder):
    (folder / FILE).unlink()
    return "is gone, though checkpoints were signed"


def binary(folder):
    (folder / FILE).write_bytes(b"\xff\xfe")
    return "was changed: it is no text"


def other_public_key(folder):
    (folder / PUBLIC_KEY).write_bytes(base64.b64encode(b"k" * 32))
    return "are no pair"


def other_private_key(folder):
    (folder / PRIVATE_KEY).write_bytes(base64.b64encode(b"k" * 32))
    return "are no pair"


def broken_private_key(folder):
    (folder / PRIVATE_KEY).write_bytes(b"k")
    return "cannot be read"


def no_public_key(folder):
    (folder / PUBLIC_KEY).unlink()
    return "cannot be read"


def no_private_key(folder):
    (folder / PRIVATE_KEY).unlink()
    return "is gone"


@pytest.mark.parametrize(
    "done",
    [
        emptied,
        removed,
        binary,
        other_public_key,
        other_private_key,
        broken_private_key,
        no_public_key,
        no_private_key,
    ],
)
def test_edits_of_the_files_beside_the_log_are_found(log, done):
    said = done(log.folder)

    assert said in found(log)


def test_files_that_were_all_signed_anew_are_found_by_a_copy_of_the_public_key(
    log, tmp_path, as_owner
):
    copy = tmp_path / PUBLIC_KEY
    shutil.copyfile(log.folder / PUBLIC_KEY, copy)
    as_owner(without("number > 3"))
    for name in (FILE, PRIVATE_KEY, PUBLIC_KEY):
        (log.folder / name).unlink()
    checkpoints.write_checkpoint(log.folder)

    assert "Line 1 of" in found(log, "--key", str(copy))


def test_a_note_of_pruning_that_nobody_signed_is_found(log, as_owner):
    as_owner(without("number < 6"))

    assert found(log).startswith("First bad number: 1. Number 1 is missing.")
