"""Looks at a datasource as Atlas sees it: reachable, which version, which rights."""

from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.common.errors import AtlasError
from atlas.env import environment
from atlas.management import native_policies
from atlas.management.introspection import usable_datasource
from atlas.management.layers import layer_of
from atlas.management.plugins import asker, with_plugins
from plugins_app.host.facets import connections
from plugins_app.sdk import AccountReport


class Command(BaseCommand):
    """Exits with 1 when the datasource cannot be used or its login may do too much."""

    help = (
        "datasource check ID: connect, show the version and what the login may do;"
        " datasource policies ID: row policies in the database itself."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="connect and list the login's rights")
        check.add_argument("id", help="the datasource, as the configuration names it")
        policies = actions.add_parser("policies", help="row policies in the database itself")
        policies.add_argument("id", help="the datasource, as the configuration names it")
        what = policies.add_mutually_exclusive_group(required=True)
        what.add_argument("--print", action="store_true", help="write the SQL that is missing")
        what.add_argument("--install", metavar="URL", help="run it as the owner of the tables")
        what.add_argument("--check", action="store_true", help="exit with 1 unless all of it holds")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "policies":
            self._policies(options)
            return
        report = with_plugins(lambda: self._check(options["id"]))
        if report is None:
            self.stdout.write("The plugin does not tell what its login may do.")
            return
        if self._tell(report):
            raise SystemExit(1)

    def _policies(self, options: dict[str, Any]) -> None:
        plans = with_plugins(lambda: self._plans(options["id"]))
        if options["print"]:
            self.stdout.write(native_policies.script(plans) or "-- Nothing is missing.")
            return
        if options["install"]:
            native_policies.install(options["install"], plans)
            plans = with_plugins(lambda: self._plans(options["id"]))
        for plan in plans:
            self.stdout.write(f"{plan.name}: {plan.state}")
        if not all(plan.holds for plan in plans):
            raise SystemExit(1)
        if not plans:
            self.stdout.write("No row policy covers a table of this datasource.")

    async def _plans(self, datasource: str) -> list[native_policies.TablePlan]:
        try:
            return await native_policies.plan_of(datasource)
        except AtlasError as error:
            raise CommandError(f"{datasource}: {error.user_message}") from error

    async def _check(self, datasource: str) -> AccountReport | None:
        info = usable_datasource(datasource)
        try:
            await asker(datasource)("SELECT 1")
            self.stdout.write(f"Connected to {datasource} ({info.db_type}).")
            listed = listed_tables(datasource)
            report = await connections.inspect_account(datasource, listed or [])
            # Before there is a layer, that it lists nothing says nothing about the login.
            return replace(report, unlisted=()) if report and listed is None else report
        except AtlasError as error:
            raise CommandError(f"{datasource}: {error.user_message}") from error

    def _tell(self, report: AccountReport) -> bool:
        """Write the report; True when the login may do what it must not."""
        self.stdout.write(f"Server version {report.server_version}, login {report.user}.")
        faults = []
        if report.superuser:
            faults.append("The login is a superuser. Make one that may only read.")
        if report.writable:
            faults.append(f"The login may write to: {', '.join(report.writable)}.")
        for fault in faults:
            self.stdout.write(self.style.ERROR(fault))
        warnings = [w for w in report.warnings if not (report.superuser and "superuser" in w)]
        if report.unlisted:
            names = ", ".join(report.unlisted)
            warnings.append(f"The login may read tables that no entity lists: {names}.")
        for warning in warnings:
            self.stdout.write(self.style.WARNING(warning))
        if not faults and not warnings:
            self.stdout.write(self.style.SUCCESS("The login may read what is listed, no more."))
        return bool(faults)


def listed_tables(datasource: str) -> list[str] | None:
    """The tables of the datasource's layer as "schema.table"; None without a layer."""
    layer = layer_of(environment(), datasource)
    if layer is None:
        return None
    tables = layer.catalog().tables
    return [f"{table.schema}.{table.name}" if table.schema else table.name for table in tables]
