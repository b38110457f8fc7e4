"""Makes, lists, tries, switches and grades plugins."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.common.errors import AtlasError
from atlas.management import plugin_work
from atlas.management.plugin_listing import chosen, lines, table
from atlas.management.plugins import Console, with_plugins
from atlas.management.standard_streams import own_streams
from plugins_app.host import settings
from plugins_app.sdk import PLUGIN_TYPES
from plugins_app.sdk.grading import failed_rules, grade_of

WITH_ID = {
    "enable": "switch a plugin on in every process",
    "disable": "switch a plugin off in every process; its tables stay",
}
WITH_OPTIONAL_ID = {
    "health": "start plugins here and probe them; exits with 1 when one is unhealthy",
    "migrate": "make and extend the tables of plugins",
    "refresh": "read the context of plugins again, in every process",
    "check": "grade plugins from bronze to platinum and say what is missing",
}
ALONE = {
    "list": "every plugin, and how it is in each running process",
    "rekey": "encrypt every stored secret with the first of ATLAS_ENCRYPTION_KEYS",
}


class Command(BaseCommand):
    """Exits with 1 when something did not work."""

    help = "Make, list, try, switch and grade plugins."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        creating = actions.add_parser("create", help="write a new plugin into plugins_app/local")
        creating.add_argument("name", help="such as my-datasource")
        creating.add_argument("--type", required=True, choices=PLUGIN_TYPES, dest="plugin_type")
        for name, text in ALONE.items():
            actions.add_parser(name, help=text)
        adding = actions.add_parser("add", help="install a package that announces plugins")
        adding.add_argument("package", help="as pip takes it: a name, a file or an address")
        running = actions.add_parser("run", help="run the own transport of a plugin until it ends")
        running.add_argument("id")
        running.add_argument(
            "--as", default="", dest="as_user", metavar="NAME", help="the person it speaks for"
        )
        for name, text in WITH_ID.items():
            actions.add_parser(name, help=text).add_argument("id")
        for name, text in WITH_OPTIONAL_ID.items():
            actions.add_parser(name, help=text).add_argument("id", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except AtlasError as error:
            raise CommandError(error.user_message) from error

    def _create(self, options: dict[str, Any]) -> None:
        folder = plugin_work.create(options["name"], options["plugin_type"])
        package = folder.name
        self.stdout.write(
            f"{folder} is ready. Run its tests: .venv/bin/pytest plugins_app/local/{package}\n"
            f"To use it, add these lines to the file that ATLAS_CONFIG names:\n\n"
            f"from plugins_app.local.{package} import {package}\n\n"
            f"plugins.append({package}(...))"
        )

    def _list(self, options: dict[str, Any]) -> None:
        for line in table(list(lines())):
            self.stdout.write(line)

    def _add(self, options: dict[str, Any]) -> None:
        found = plugin_work.install(options["package"])
        if not found:
            self.stdout.write("The package is installed and announces no plugin that is new.")
        for name in found:
            self.stdout.write(f"It announces {name}, which starts with the next start of Atlas.")

    def _run(self, options: dict[str, Any]) -> None:
        with own_streams() as streams:
            with_plugins(lambda: plugin_work.transport(options["id"], options["as_user"], streams))

    def _enable(self, options: dict[str, Any]) -> None:
        self._switch(options["id"], enabled=True)

    def _disable(self, options: dict[str, Any]) -> None:
        self._switch(options["id"], enabled=False)

    def _switch(self, plugin_id: str, *, enabled: bool) -> None:
        chosen(plugin_id)
        settings.set_enabled(plugin_id, enabled, by=Console())
        self.stdout.write(f"{plugin_id} is {'enabled' if enabled else 'disabled'}.")

    def _health(self, options: dict[str, Any]) -> None:
        sick = False
        for plugin_id, healthy, message in with_plugins(lambda: plugin_work.probe(options["id"])):
            sick = sick or not healthy
            style = self.style.SUCCESS if healthy else self.style.ERROR
            text = f"{plugin_id}: {'healthy' if healthy else 'unhealthy'}"
            self.stdout.write(style(f"{text} ({message})" if message else text))
        if sick:
            raise SystemExit(1)

    def _migrate(self, options: dict[str, Any]) -> None:
        chosen(options["id"])
        ran = plugin_work.migrate(options["id"])
        for statement in ran:
            self.stdout.write(f"{statement};")
        self.stdout.write(f"{len(ran)} statements.")

    def _refresh(self, options: dict[str, Any]) -> None:
        chosen(options["id"])
        for refreshed in with_plugins(lambda: plugin_work.refresh(options["id"])):
            settings.request_refresh(refreshed.plugin_id, by=Console())
            what = refreshed.error or ("changed" if refreshed.changed else "not changed")
            self.stdout.write(f"{refreshed.plugin_id}: {what}")

    def _rekey(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{plugin_work.rekey()} secrets are encrypted with the first key.")

    def _check(self, options: dict[str, Any]) -> None:
        for plugin in chosen(options["id"]):
            self.stdout.write(f"{plugin.id}: {grade_of(plugin)}")
            for rule in failed_rules(plugin):
                self.stdout.write(f"  {rule.grade} needs {rule.name}: {rule.asks}")
