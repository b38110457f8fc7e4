"""Looks at everything that must be right and says what to do where it is not."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from atlas.management.doctor import NEED_DATABASE, sections
from atlas.runtime.diagnosis import Level, Section, findings_of, warned
from atlas.runtime.schema import UNREACHABLE


class Command(BaseCommand):
    """Exits with 1 when anything failed, and with 2 when there are only warnings."""

    help = "Check environment, databases, logins, connections, semantic layer, model and plugins."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object for each finding")

    def handle(self, *args: Any, **options: Any) -> None:
        is_away = False
        worst = {Level.PASS: 0, Level.WARN: 0, Level.FAIL: 0}
        for title, section in self.sections(options).items():
            if not options["json"]:
                self.stdout.write(self.style.MIGRATE_HEADING(title))
            if is_away and title in NEED_DATABASE:
                found = [warned(title, "not looked at", "Cure the database first.")]
            else:
                found = list(findings_of(title, section))
            is_away = is_away or any(one.detail == UNREACHABLE for one in found)
            for finding in found:
                worst[finding.level] += 1
                self._write(title, finding, as_json=options["json"])
        if not options["json"]:
            self.stdout.write(f"{worst[Level.FAIL]} failed, {worst[Level.WARN]} warnings")
        if worst[Level.FAIL]:
            raise SystemExit(1)
        if worst[Level.WARN]:
            raise SystemExit(2)

    def sections(self, options: dict[str, Any]) -> dict[str, Section]:
        """What is looked at, by title."""
        return sections()

    def _write(self, title: str, finding: Any, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"section": title, **vars(finding)}))
            return
        styles = {
            Level.PASS: self.style.SUCCESS,
            Level.WARN: self.style.WARNING,
            Level.FAIL: self.style.ERROR,
        }
        self.stdout.write(styles[finding.level](str(finding)))
