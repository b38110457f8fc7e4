"""Runs web and worker in one process."""

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connections
from django.urls import reverse

from atlas.accounts.first_admin import setup_secret
from atlas.env import environment
from atlas.runtime.schema import check_database
from atlas.serving.server import DEFAULT_HOST, DEFAULT_PORT, run
from atlas.serving.shutdown import Role


class Command(BaseCommand):
    """Serves pages and sockets, and answers questions."""

    help = "Serve Atlas: web and worker in one process."
    role: Role = "serve"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=DEFAULT_HOST, help="address to listen on")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free port")

    def handle(self, *args: Any, **options: Any) -> None:
        check_database(environment())
        code = run(self.role, host=options["host"], port=options["port"], on_ready=self._ready)
        raise SystemExit(code)

    def _ready(self, address: str) -> None:
        self.stdout.write(f"Atlas is ready at {address}")
        self.stdout.flush()
        # The event loop calls this and must not wait for the database.
        threading.Thread(target=self._tell_set_up, args=(address,), daemon=True).start()

    def _tell_set_up(self, address: str) -> None:
        try:
            secret = setup_secret(environment().data_dir)
        except (Error, OSError) as error:
            self.stderr.write(f"Whether there is an admin could not be read: {error}")
            return
        finally:
            connections.close_all()
        if secret is not None:
            page = address.rstrip("/") + reverse("accounts:setup")
            self.stdout.write(f"There is no admin yet. Open {page} and enter the secret {secret}")
            self.stdout.flush()
