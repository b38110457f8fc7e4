"""Verifying from a signed checkpoint on: what is read, and which starts are refused."""

import io

import pytest
from django.core.management import CommandError, call_command

from atlas.audit.models import AuditEntry
from atlas.audit.pruning import prune
from tests.audit.conftest import COUNT

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SIGNED = COUNT // 2


def run(log, *options):
    out = io.StringIO()
    place = ["--data-dir", str(log.folder), *map(str, options)]
    call_command("audit_verify", *place, stdout=out, no_color=True)
    return out.getvalue()


def refused(log, *options):
    """The exit code and what is said when the command does not end well."""
    with pytest.raises(CommandError) as failed:
        run(log, *options)
    return failed.value.returncode, str(failed.value)


def change(number, text="x"):
    return (
        f"UPDATE audit_auditentry SET subject = '{text}' WHERE id ="
        f" (SELECT entry_id FROM audit_auditseal WHERE number = {number})"
    )


def test_it_reads_what_is_behind_the_checkpoint_and_says_what_it_left_out(log):
    text = run(log, "--from", SIGNED)

    assert text.startswith("6 entries sealed, 0 waiting, 2 checkpoints;")
    assert "Not looked at: 6 entries, numbers 1 to 6." in text
    assert text.endswith("The audit log is whole after number 6.\n")
    entry = AuditEntry.objects.latest("id")
    assert entry.body == {"sealed": 6, "problem": "", "from": 6}


@pytest.mark.parametrize(
    ("number", "nearest"),
    [
        (SIGNED + 1, "The nearest before it is 6."),
        (COUNT + 1, "The nearest before it is 12."),
        (SIGNED - 1, "Verify from the beginning."),
        (0, "Verify from the beginning."),
        (-1, "Verify from the beginning."),
    ],
)
def test_a_start_that_no_checkpoint_vouches_for_is_refused(log, number, nearest):
    said = f"No signed checkpoint vouches for number {number}. {nearest}"

    assert refused(log, f"--from={number}") == (2, said)
    assert not AuditEntry.objects.filter(event="audit.verified").exists()


def test_without_checkpoints_there_is_no_such_start(log, tmp_path):
    code, said = refused(log, "--from", SIGNED, "--data-dir", tmp_path / "nowhere")

    assert (code, said) == (
        2,
        "No signed checkpoint vouches for number 6. Verify from the beginning.",
    )


def test_a_checkpoint_that_is_not_genuine_vouches_for_nothing(log):
    file = log.folder / "checkpoints.jsonl"
    file.write_text(file.read_text().replace('"number": 6', '"number": 7'))

    code, said = refused(log, "--from", 7)

    assert code == 1
    assert "was changed" in said


@pytest.mark.parametrize("number", range(SIGNED + 1, COUNT + 1))
def test_every_change_behind_the_checkpoint_is_found(log, as_owner, number):
    as_owner(change(number))

    code, said = refused(log, "--from", SIGNED)

    assert code == 1
    assert said.startswith(f"First bad number: {number}.")


def test_a_change_before_the_checkpoint_is_found_only_from_the_beginning(log, as_owner):
    as_owner(change(2))

    assert "whole after number 6" in run(log, "--from", SIGNED)
    assert refused(log)[1].startswith("First bad number: 2.")


@pytest.mark.parametrize(
    ("statement", "number", "said"),
    [
        ("DELETE FROM audit_auditseal WHERE number > 6", 7, "The log ends at 6"),
        ("DELETE FROM audit_auditseal WHERE number >= 6", 6, "Number 6, which a checkpoint"),
        ("DELETE FROM audit_auditseal", 6, "Number 6, which a checkpoint"),
        ("DELETE FROM audit_auditseal WHERE number = 7", 7, "Number 7 is missing."),
        ("UPDATE audit_auditseal SET digest = '\\x00' WHERE number = 6", 6, "Number 6 is not what"),
    ],
)
def test_a_start_that_is_not_what_was_signed_and_a_cut_tail_are_found(
    log, as_owner, statement, number, said
):
    as_owner(statement)

    code, text = refused(log, "--from", SIGNED)
    assert code == 1
    assert text.startswith(f"First bad number: {number}. {said}")


def test_the_last_checkpoint_is_a_start_too(log):
    text = run(log, "--from", COUNT)

    assert text.startswith("0 entries sealed, 0 waiting")
    assert "Not looked at: 12 entries, numbers 1 to 12." in text


def test_what_was_pruned_is_no_start_and_the_place_where_the_log_begins_is(log):
    prune(AuditEntry.objects.get(pk=log.ids[8]).at, log.folder)

    text = run(log, "--from", 8)

    assert "Entries up to number 8 were pruned." in text
    assert "Not looked at" not in text
    said = "Entries up to number 8 were pruned. Start there, or later."
    assert refused(log, "--from", SIGNED) == (2, said)
