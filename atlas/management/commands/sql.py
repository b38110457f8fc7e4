"""Asks the guard about SQL texts; without a person or a configuration it touches no database."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.sql.bulk import check_lines, check_text
from atlas.sql.types import Rejection, ValidatedQuery

if TYPE_CHECKING:
    from atlas.datasources.previewing import Preview


class Command(BaseCommand):
    """A refused text is an answer, not a failure: the exit code is 0."""

    help = (
        "check TEXT says whether a query may run and what would be sent; --jsonl checks a file,"
        " --config and --as tell which policies would apply."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        checking = actions.add_parser("check", help="check one query or a file of queries")
        checking.add_argument("sql", nargs="?", help="one query")
        checking.add_argument("--dialect", default="postgres", help="of the one query")
        checking.add_argument(
            "--tables", default="", help="tables that may be read, separated by commas"
        )
        checking.add_argument(
            "--config",
            action="store_true",
            help="take tables and policies from the configuration, for nobody in particular",
        )
        checking.add_argument(
            "--as",
            dest="person",
            metavar="PERSON",
            help="the same as this person would meet it, with claims, role and masks",
        )
        checking.add_argument(
            "--jsonl",
            metavar="FILE",
            help='lines of {"id", "dialect", "sql", "tables"?}; - reads standard input',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tables = tuple(options["tables"].split(","))
        if (options["jsonl"] is None) == (options["sql"] is None):
            raise CommandError("Give either one query or --jsonl with a file.")
        is_configured = options["config"] or options["person"]
        if is_configured and (options["jsonl"] is not None or options["tables"]):
            raise CommandError(
                "--config and --as take the tables of the semantic layer, one query."
            )
        if options["jsonl"] is not None:
            self._check_file(options["jsonl"], tables)
        elif is_configured:
            from atlas.management.configured_check import configured_check  # noqa: PLC0415 - slow import

            self._tell_configured(configured_check(options["sql"], options["person"]))
        else:
            self._tell(check_text(options["sql"], options["dialect"], tables))

    def _check_file(self, name: str, tables: tuple[str, ...]) -> None:
        try:
            with sys.stdin.buffer if name == "-" else Path(name).open("rb") as lines:
                for verdict in check_lines(lines, tables, time.perf_counter):
                    self.stdout.write(json.dumps(verdict))
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from error

    def _tell_configured(self, found: "Preview | Rejection") -> None:
        if isinstance(found, Rejection):
            self._tell(found)
            return
        self._tell(found.query)
        masks = [f"{name} ({kind})" for name, kind in found.applied.masks]
        lines = {
            "Row policies": found.applied.row_policies,
            "Masks": masks,
            "Needs approval by": found.applied.approval,
        }
        for what, names in lines.items():
            self.stdout.write(f"{what}: {', '.join(names) or 'none'}")

    def _tell(self, answer: ValidatedQuery | Rejection) -> None:
        if isinstance(answer, Rejection):
            place = ""
            if answer.position is not None:
                place = f" (line {answer.position.line}, column {answer.position.column})"
            self.stdout.write(f"Refused by {answer.stage}: {answer.code}")
            self.stdout.write(answer.message + place)
            return
        self.stdout.write(f"Accepted. Tables: {', '.join(answer.tables) or 'none'}")
        self.stdout.write(f"Columns: {', '.join(answer.columns) or 'none named'}")
        self.stdout.write(answer.sql)
