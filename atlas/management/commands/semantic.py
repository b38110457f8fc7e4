"""Drafts, checks and reloads the semantic layer."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.common.errors import AtlasError
from atlas.datasources.layer_folder import LayerFolder, layer_folder
from atlas.datasources.reloading import reload_layer
from atlas.datasources.spelling import spelled
from atlas.demo import place
from atlas.env import environment
from atlas.management.introspection import introspect, usable_datasource
from atlas.management.plugins import asker, with_plugins
from atlas.semantic.check import Probe, probe_queries, problems
from atlas.semantic.draft import draft
from atlas.semantic.loader import LoadedLayer, read_folder
from atlas.semantic.problems import Finding, LayerError
from atlas.semantic.refresh import refresh_queries
from plugins_app.sdk import PluginError


class Command(BaseCommand):
    """Exits with 1 when a check finds an error; warnings alone are no failure."""

    help = "draft ID writes a first layer; check [ID] tries every part of a layer; reload uses it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        drafting = actions.add_parser("draft", help="write YAML for the tables of a datasource")
        drafting.add_argument("id", help="the datasource, as the configuration names it")
        drafting.add_argument(
            "--to", type=Path, help="a new or empty folder; the layer's own when not given"
        )
        checking = actions.add_parser("check", help="run every column, join, figure and example")
        checking.add_argument("id", nargs="?", help="only the layer of this datasource")
        actions.add_parser("reload", help="read the files again and use them from now on")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "draft":
            self._draft(options["id"], options["to"])
        elif options["action"] == "check":
            self._check(options["id"])
        else:
            self._reload()

    def _draft(self, datasource: str, to: Path | None) -> None:
        own = layer_folder(environment()).path
        folder = to or own
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(
                f"{folder} is not empty. Name a new folder with --to: nothing is overwritten."
            )
        files = with_plugins(lambda: _drafted(datasource))
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        then = "" if folder.resolve() == own.resolve() else f" with ATLAS_SEMANTIC_DIR={folder}"
        self.stdout.write(
            f"{len(files)} files in {folder}. Read them, then run manage.py semantic check{then}."
        )

    def _check(self, datasource: str | None) -> None:
        folder = layer_folder(environment())
        if not _is_there(folder):
            raise CommandError(
                f"There is no semantic layer in {folder.path} ({folder.named_by}). Set "
                "ATLAS_SEMANTIC_DIR to its folder, or run manage.py semantic draft or demo first."
            )
        try:
            loaded = read_folder(folder.path)
        except LayerError as error:
            for problem in error.problems:
                self.stdout.write(self.style.ERROR(str(problem)))
            raise SystemExit(1) from error
        described = loaded.layer.source.datasource
        if datasource not in (None, described):
            raise CommandError(
                f"The layer in {folder.path} ({folder.named_by}) describes {described!r}, not "
                f"{datasource!r}. Set ATLAS_SEMANTIC_DIR to the folder of {datasource!r}."
            )
        if self._tell(folder.path, loaded, with_plugins(lambda: _findings(loaded))):
            raise SystemExit(1)

    def _tell(self, folder: Path, loaded: LoadedLayer, findings: list[Finding]) -> bool:
        errors = [finding for finding in findings if finding.severity == "error"]
        for finding in sorted(findings, key=lambda item: str(loaded.problem(item))):
            style = self.style.ERROR if finding.severity == "error" else self.style.WARNING
            self.stdout.write(style(f"{finding.severity}: {folder / str(loaded.problem(finding))}"))
        self.stdout.write(
            f"{folder}: {len(loaded.layer.entities)} entities, {len(errors)} errors, "
            f"{len(findings) - len(errors)} warnings."
        )
        return bool(errors)

    def _reload(self) -> None:
        folder = layer_folder(environment())
        report = with_plugins(lambda: reload_layer(folder.datasource or None, folder.path))
        for text in (*map(str, report.problems), *report.warnings):
            self.stdout.write(self.style.WARNING(text))
        self.stdout.write(report.sentence())
        if report.problems:
            raise SystemExit(1)


def _is_there(folder: LayerFolder) -> bool:
    """Whether there is a layer to check; the demo's own is none where the demo is off."""
    is_demo = folder.path == place.SEMANTIC_DIR
    return folder.path.is_dir() and (place.is_on(environment()) or not is_demo)


async def _drafted(datasource: str) -> dict[str, str]:
    return draft(await introspect(usable_datasource(datasource).id))


async def _findings(loaded: LoadedLayer) -> list[Finding]:
    layer = loaded.layer
    name = layer.source.datasource
    own = asker(name)

    async def ask(sql: str) -> Sequence[Sequence[Any]]:
        return await own(spelled(sql, name, layer))

    today = dt.datetime.now(dt.UTC).date()
    as_of = refresh_queries(layer).as_of
    if as_of is not None:
        try:
            rows = await ask(as_of)
            today = rows[0][0] or today
        except (AtlasError, PluginError) as error:
            return [Finding(("source", "as_of"), f"it does not run: {error}")]
    found = problems(layer, today=today)
    for probe in probe_queries(layer, today=today):
        verdict = await _verdict(probe, ask)
        if verdict is not None:
            found.append(verdict)
    return found


async def _verdict(probe: Probe, ask: Any) -> Finding | None:
    try:
        return probe.verdict(await ask(probe.sql))
    except (AtlasError, PluginError) as error:
        return probe.failure(str(error))
