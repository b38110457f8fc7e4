"""An exported part of the log proves itself to a script that knows nothing of Atlas."""

import io
import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from atlas.audit.checkpoints import write_checkpoint
from atlas.audit.events import AuditEvent
from atlas.audit.exporting import export
from atlas.audit.models import AuditEntry
from atlas.audit.record import record
from atlas.audit.sealing import seal_once
from atlas.common.errors import AtlasError, BadInput

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def data_dir(tmp_path):
    """Six sealed entries with odd texts, signed after the third and after the last."""
    folder = tmp_path / "data"
    folder.mkdir()
    for at in range(6):
        record(
            AuditEvent.SIGNED_IN, actor=None, actor_name=f"Zoë \u2028 {at}", body={"n": [at, "é"]}
        )
        if at in {2, 5}:
            seal_once()
            write_checkpoint(folder)
    return folder


def verified(folder):
    done = subprocess.run(
        [sys.executable, "-I", folder / "verify.py"], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()


def test_the_whole_log_proves_itself(data_dir, tmp_path):
    made = export(tmp_path / "out", data_dir)

    assert (made.first, made.last, made.count) == (1, 6, 6)
    assert verified(made.folder) == (
        0,
        "6 entries fit their chain; 2 signed checkpoints lie within them.",
    )


def test_a_part_proves_itself(data_dir, tmp_path):
    third = AuditEntry.objects.order_by("id")[2]

    made = export(tmp_path / "out", data_dir, since=third.at)

    assert (made.first, made.last) == (3, 6)
    assert verified(made.folder)[0] == 0


def edit(name, change):
    def tamper(folder):
        lines = (folder / name).read_text().splitlines()
        (folder / name).write_text("\n".join(change(lines)) + "\n")

    return tamper


def with_digest_of_its_own(lines):
    entry = json.loads(lines[5])
    entry["content"][5] = "bob"
    return [*lines[:5], json.dumps(entry)]


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (edit("entries.jsonl", lambda lines: [*lines[:2], *lines[3:]]), "Number 3 is missing"),
        (edit("entries.jsonl", lambda lines: lines[:-1]), "ends at 5"),
        (edit("entries.jsonl", lambda lines: [lines[1], lines[0], *lines[2:]]), "Number 1 is"),
        (edit("entries.jsonl", with_digest_of_its_own), "Number 6 or its seal was changed"),
        (edit("checkpoints.jsonl", lambda lines: lines[1:]), "was taken out"),
        (
            edit("checkpoints.jsonl", lambda lines: [lines[0].replace(": 3", ": 4"), lines[1]]),
            "not genuine",
        ),
    ],
)
def test_what_was_changed_is_named(data_dir, tmp_path, tamper, words):
    made = export(tmp_path / "out", data_dir)

    tamper(made.folder)

    code, text = verified(made.folder)
    assert code == 1
    assert words in text


def test_what_is_refused(data_dir, tmp_path):
    with pytest.raises(BadInput, match="exists already"):
        export(data_dir, data_dir)
    with pytest.raises(BadInput, match="No sealed entry"):
        export(tmp_path / "out", data_dir, since=timezone.now() + timedelta(days=1))
    with pytest.raises(AtlasError, match="Nothing was signed"):
        export(tmp_path / "out", tmp_path)
    assert not (tmp_path / "out").exists()


def test_the_command(data_dir, tmp_path):
    out = io.StringIO()
    place = ["--data-dir", str(data_dir)]

    call_command("audit_export", str(tmp_path / "out"), *place, "--since", "2026-01-31", stdout=out)

    assert out.getvalue() == f"6 entries, 1 to 6, in {tmp_path / 'out'}.\n"
    assert AuditEntry.objects.latest("id").body == {"first": 1, "last": 6}
    with pytest.raises(CommandError, match="is no date"):
        call_command("audit_export", str(tmp_path / "other"), *place, "--since", "soon")
