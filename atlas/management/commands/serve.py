"""Runs web and worker in one process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from atlas.runtime.server import DEFAULT_HOST, DEFAULT_PORT, run
from atlas.runtime.shutdown import Role


class Command(BaseCommand):
    """Serves pages and sockets, and answers questions."""

    help = "Serve Atlas: web and worker in one process."
    role: Role = "serve"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=DEFAULT_HOST, help="address to listen on")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free port")

    def handle(self, *args: Any, **options: Any) -> None:
        code = run(self.role, host=options["host"], port=options["port"], on_ready=self._ready)
        raise SystemExit(code)

    def _ready(self, address: str) -> None:
        self.stdout.write(f"Atlas is ready at {address}")
        self.stdout.flush()
