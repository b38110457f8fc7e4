"""Looks at what the operator wrote: configuration, semantic layer, and what they connect to."""

from typing import Any

from django.core.management.base import CommandParser

from atlas.management import doctor, offline
from atlas.management.commands import doctor as doctor_command
from atlas.runtime.diagnosis import Section

ONLINE = ("Configuration", "Databases", "Semantic layer", "Model", "Plugins")


class Command(doctor_command.Command):
    """Exits with 1 when anything failed, and with 2 when there are only warnings."""

    help = "Check configuration, semantic layer and plugins, and with them what they connect to."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--offline", action="store_true", help="read only files; connect to nothing"
        )

    def sections(self, options: dict[str, Any]) -> dict[str, Section]:
        if options["offline"]:
            return offline.sections()
        every = doctor.sections()
        return {title: every[title] for title in ONLINE}
