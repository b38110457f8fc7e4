"""From nothing to a running demo: database, data, people, pages."""

import datetime as dt
from argparse import ArgumentTypeError
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from atlas.demo import place
from atlas.demo.facts import LARGEST_SCALE
from atlas.demo.load import Loaded
from atlas.demo.people import Account, make_people
from atlas.env import environment
from atlas.serving.server import DEFAULT_HOST, DEFAULT_PORT, bind, run


class Command(BaseCommand):
    """Everything it makes stays; running it again only starts what is there."""

    help = "Make the demo's database, data and people, and serve it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of", type=dt.date.fromisoformat, help="the last order is of the day before"
        )
        parser.add_argument("--seed", type=int, help="the same seed gives the same data")
        parser.add_argument("--scale", type=_scale, help="1 is about 20,000 orders")
        parser.add_argument("--reset", action="store_true", help="give everybody a new password")
        parser.add_argument("--no-serve", action="store_true", help="only make what is missing")
        parser.add_argument("--host", default=DEFAULT_HOST, help="address to listen on")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free port")

    def handle(self, *args: Any, **options: Any) -> None:
        env = environment()
        # Taken first: a second demo says so at once and leaves the first one's database alone.
        listener = None if options["no_serve"] else bind(options["host"], options["port"])
        call_command("migrate", verbosity=0)
        wish = place.Wish(options["as_of"], options["seed"], options["scale"])
        there, is_new = place.prepare(env, wish)
        place.switch_on(env, there)
        self._tell_data(there, is_new=is_new)
        self._tell_people(make_people(reset=options["reset"]))
        if listener is not None:
            raise SystemExit(run("serve", listener=listener, on_ready=self._ready))

    def _tell_data(self, there: Loaded, *, is_new: bool) -> None:
        text = _("Demo data made") if is_new else _("Demo data is there")
        self.stdout.write(f"{text}: as of {there.as_of}, seed {there.seed}, scale {there.scale:g}.")

    def _tell_people(self, accounts: list[Account]) -> None:
        if not accounts:
            self.stdout.write(_("The passwords are as before; --reset makes new ones."))
            return
        self.stdout.write(_("People of the demo, shown once:"))
        for account in accounts:
            self.stdout.write(f"  {account.username}  {account.password}  ({account.role.label})")

    def _ready(self, address: str) -> None:
        self.stdout.write(_("Atlas is ready at %(address)s") % {"address": address})
        self.stdout.flush()


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 0 < scale <= LARGEST_SCALE:
        raise ArgumentTypeError(f"give a number above 0 and at most {LARGEST_SCALE:g}")
    return scale
