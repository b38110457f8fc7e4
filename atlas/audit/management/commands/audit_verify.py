"""Checks that nothing in the audit log was changed, moved, deleted or cut off."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.audit.checkpoints import (
    FILE,
    Checkpoint,
    CheckpointError,
    own_checkpoints,
    read_checkpoints,
)
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.audit.verifying import Verdict, verify
from atlas.common.errors import BadInput
from atlas.env import environment


class Command(BaseCommand):
    """Exits with 0 when what it read is whole and with 1 otherwise, naming the first bad number.

    A start that no checkpoint vouches for gives 2, and nothing is read.
    """

    help = "Verify the audit log's hash chain and its signed checkpoints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoints", type=Path, help="a copy kept elsewhere; default: the data folder's"
        )
        parser.add_argument("--data-dir", type=Path, help="where the checkpoints are kept")
        parser.add_argument("--key", type=Path, help="public key; default: audit.pub beside it")
        parser.add_argument(
            "--from",
            dest="after",
            type=int,
            metavar="NUMBER",
            help="trust the checkpoint with this number, and read only the entries behind it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        data_dir = options["data_dir"] or environment().data_dir
        checkpoints = self._checkpoints(data_dir, options["checkpoints"], options["key"])
        try:
            verdict = verify(checkpoints, after=options["after"])
        except BadInput as error:
            raise CommandError(error.user_message, returncode=2) from error
        seconds = time.monotonic() - started
        body = {"sealed": verdict.sealed, "problem": verdict.problem}
        if verdict.skipped:
            body["from"] = options["after"]
        record(AuditEvent.AUDIT_VERIFIED, actor=None, actor_name="audit_verify", body=body)
        self.stdout.write(
            f"{verdict.sealed} entries sealed, {verdict.unsealed} waiting, "
            f"{verdict.checkpoints} checkpoints; {seconds:.1f} s."
        )
        if verdict.pruned:
            self.stdout.write(f"Entries up to number {verdict.pruned} were pruned.")
        if verdict.skipped:
            self.stdout.write(
                f"Not looked at: {verdict.skipped} entries, numbers {verdict.pruned + 1} to"
                f" {options['after']}. Their end was signed; whether they are still as they were"
                " then is not known."
            )
        self._judge(verdict)

    def _checkpoints(self, data_dir: Path, file: Path | None, key: Path | None) -> list[Checkpoint]:
        try:
            if file or key:
                return read_checkpoints(file or data_dir / FILE, key)
            found = own_checkpoints(data_dir)
        except CheckpointError as error:
            raise CommandError(error.user_message, returncode=1) from error
        if not found:
            self.stdout.write(self.style.WARNING("No checkpoints: a cut tail would not be seen."))
        return found

    def _judge(self, verdict: Verdict) -> None:
        if not verdict.is_good:
            raise CommandError(
                f"First bad number: {verdict.first_bad}. {verdict.problem}", returncode=1
            )
        where = f" after number {verdict.pruned + verdict.skipped}" if verdict.skipped else ""
        self.stdout.write(self.style.SUCCESS(f"The audit log is whole{where}."))
