"""Exports a part of the audit log with a script that verifies it without Atlas."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.audit.events import AuditEvent
from atlas.audit.exporting import export
from atlas.audit.management.moments import moment
from atlas.audit.record import record
from atlas.common.errors import AtlasError
from atlas.env import environment


class Command(BaseCommand):
    """Writes a new folder; whoever gets it runs `python3 verify.py` in it."""

    help = "Export the audit log, or a part of it, as a folder that proves itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that does not exist yet")
        parser.add_argument("--data-dir", type=Path, help="where the checkpoints are kept")
        parser.add_argument("--since", type=moment, help="first moment, such as 2026-01-31")
        parser.add_argument("--until", type=moment, help="the moment after the last one")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = export(
                options["folder"],
                options["data_dir"] or environment().data_dir,
                since=options["since"],
                until=options["until"],
            )
        except AtlasError as error:
            raise CommandError(error.user_message, returncode=1) from error
        body = {"first": made.first, "last": made.last}
        record(AuditEvent.AUDIT_EXPORTED, actor=None, actor_name="audit_export", body=body)
        self.stdout.write(f"{made.count} entries, {made.first} to {made.last}, in {made.folder}.")
