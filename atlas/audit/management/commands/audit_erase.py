"""Erases a person from the audit log, whose chain still verifies."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.audit.erasing import erase
from atlas.common.errors import AtlasError


class Command(BaseCommand):
    """What the person did stays, under the number of their account."""

    help = "Erase a person's names and addresses from the audit log."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="name or number of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = erase(options["user"])
        except AtlasError as error:
            raise CommandError(error.user_message, returncode=1) from error
        self.stdout.write(
            f"{done.texts} texts about account {done.actor_id} are erased from the audit log."
        )
        if done.plain:
            self.stdout.write(
                self.style.WARNING(
                    f"{done.plain} entries of an older version hold the name in their chain; "
                    "audit_prune can remove them."
                )
            )
