"""Removes entries of the audit log that are older than they have to be kept."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.audit.management.moments import moment
from atlas.audit.pruning import prune
from atlas.common.errors import AtlasError
from atlas.env import environment


class Command(BaseCommand):
    """Exits with 1, and removes nothing, when the log is not whole."""

    help = "Remove the sealed entries before a day; a signed note says where the log now begins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--before", type=moment, required=True, help="first day to keep, such as 2026-01-31"
        )
        parser.add_argument("--dry-run", action="store_true", help="say how many, and stop")
        parser.add_argument("--data-dir", type=Path, help="where the checkpoints are kept")

    def handle(self, *args: Any, **options: Any) -> None:
        data_dir = options["data_dir"] or environment().data_dir
        only_look = options["dry_run"]
        try:
            done = prune(options["before"], data_dir, only_look=only_look)
        except AtlasError as error:
            raise CommandError(error.user_message, returncode=1) from error
        if not done.count:
            self.stdout.write("No sealed entries are that old.")
        elif only_look:
            self.stdout.write(f"{done.count} entries, up to number {done.number}, would go.")
        else:
            self.stdout.write(f"{done.count} entries, up to number {done.number}, are removed.")
