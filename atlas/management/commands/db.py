"""Starts, stops and describes the local PostgreSQL, and prints the SQL for two logins."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.env import environment
from atlas.runtime.databases import database_urls, local_postgres
from atlas.runtime.grants import harden_script
from atlas.runtime.logins import APP_LOGIN, logins_of, prepare_local
from atlas.runtime.migration import restrictions


class Command(BaseCommand):
    """Cares for the database of Atlas itself."""

    help = "start, stop or status of the local PostgreSQL; harden --print for two logins elsewhere."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("start", help="start the local PostgreSQL and leave it running")
        actions.add_parser("stop", help="stop the local PostgreSQL, whoever uses it")
        actions.add_parser("status", help="say where it is and whether it answers; 1 when not")
        harden = actions.add_parser("harden", help="separate the running login from the owner")
        harden.add_argument("--print", action="store_true", help="write the SQL, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _start(self, _options: dict[str, Any]) -> None:
        local = local_postgres(environment())
        local.start()
        prepare_local(local)
        self.stdout.write(f"The local PostgreSQL runs in {local.places.folder}.")

    def _stop(self, _options: dict[str, Any]) -> None:
        local_postgres(environment()).stop()
        self.stdout.write("The local PostgreSQL is stopped.")

    def _status(self, _options: dict[str, Any]) -> None:
        local = local_postgres(environment())
        if not local.is_running():
            self.stdout.write(f"The local PostgreSQL of {local.places.folder} does not run.")
            raise SystemExit(1)
        self.stdout.write(f"The local PostgreSQL runs in {local.places.folder}.")

    def _harden(self, options: dict[str, Any]) -> None:
        logins = logins_of(*database_urls(environment()))
        app = logins.app if logins.are_two else APP_LOGIN
        if not options["print"]:
            raise CommandError("Atlas changes no logins by itself. Use harden --print.")
        script = harden_script(
            app=app, owner=logins.owner, database=logins.database, restrictions=restrictions()
        )
        self.stdout.write(
            f"-- Run as the administrator of the database, connected to {logins.database}.\n"
            f"-- Then set DATABASE_OWNER_URL to the URL of {logins.owner} and DATABASE_URL to the\n"
            f"-- URL of {app}, and start Atlas again.\n{script}"
        )
