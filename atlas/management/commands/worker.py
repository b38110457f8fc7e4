"""Answers questions and runs approved actions without serving pages."""

from typing import Any

from django.core.management.base import BaseCommand

from atlas.env import environment
from atlas.runtime.schema import check_database
from atlas.serving.server import run


class Command(BaseCommand):
    """Works through queued runs and approved requests."""

    help = "Answer questions and run approved actions; any number may run at once."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        check_database(environment())
        raise SystemExit(run("worker", on_ready=self._ready))

    def _ready(self, _address: str) -> None:
        self.stdout.write("The worker is ready")
        self.stdout.flush()
