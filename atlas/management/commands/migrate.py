"""Django's migrate, run as the owner's login, with grants for the app's login afterwards."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import connections

from atlas.env import environment
from atlas.runtime.databases import database_urls
from atlas.runtime.logins import logins_of, prepare_remote
from atlas.runtime.migration import apply_grants, one_at_a_time
from atlas.runtime.schema import check_not_newer


class Command(DjangoCommand):
    """Migrates `owner` unless another database is named."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, migrate, grant; several processes do it one after another."""
        if options["database"] != "owner":
            super().handle(*args, **options)
            return
        env = environment()
        app_url, owner_url = database_urls(env)
        if env.database_url is not None:
            prepare_remote(app_url, owner_url)
        owner = connections["owner"]
        with one_at_a_time(owner):
            check_not_newer(owner)
            super().handle(*args, **options)
            if not (options["plan"] or options["check_unapplied"]):
                apply_grants(owner, logins_of(app_url, owner_url))
