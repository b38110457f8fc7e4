"""Puts the files of a semantic layer in force, together with what the data says about them."""

import asyncio
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.audit.events import AuditEvent
from atlas.audit.record import Actor, record
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.datasources import native
from atlas.datasources.broken_files import broken_files
from atlas.datasources.columns import as_lists
from atlas.datasources.engine_errors import engine_failure
from atlas.datasources.limits import limits
from atlas.datasources.login_rights import note_rights
from atlas.datasources.masking import hides_for_somebody
from atlas.datasources.misnamed import misnamed
from atlas.datasources.models import SemanticVersion
from atlas.datasources.row_policies import row_policies
from atlas.datasources.semantic import layer_in_force
from atlas.datasources.sensitive import sensitive_queries
from atlas.datasources.spelling import spelled
from atlas.semantic.contributed import with_contributed
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.loader import load_layer
from atlas.semantic.problems import LayerError, Problem
from atlas.semantic.refresh import MOST_VALUES, refresh_queries, refreshed
from atlas.sql import (
    Options,
    Rejection,
    Table,
    ValidatedQuery,
    referenced_columns,
    validate,
)
from plugins_app.host.facets import connections
from plugins_app.sdk import QueryLimits

# Refreshing reads whole columns; it may work longer than a question.
TIMEOUT_MS = 60_000


@dataclass(frozen=True, slots=True)
class ReloadReport:
    """What a reload did: `added`, `removed` and `changed_entities` are names of entities.

    With `problems` nothing was changed and the version before stays in force. `warnings` did
    not keep the layer from being loaded.
    """

    datasource: str
    changed: bool = False
    version_id: int | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed_entities: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What happened, in one sentence for people."""
        names = {"name": self.datasource, "count": len(self.problems)}
        if self.problems:
            text = ngettext(
                "The layer of “%(name)s” has %(count)s problem; the last good one is kept.",
                "The layer of “%(name)s” has %(count)s problems; the last good one is kept.",
                len(self.problems),
            )
            return text % names
        if not self.changed:
            return _("The layer of “%(name)s” has not changed.") % names
        parts = {
            _("added"): self.added,
            _("removed"): self.removed,
            _("changed"): self.changed_entities,
        }
        told = [f"{what}: {', '.join(found)}" for what, found in parts.items() if found]
        return "; ".join([_("The layer of “%(name)s” is in force") % names, *told]) + "."


async def reload_layer(
    datasource: str | None, folder: Path, by: Actor | None = None
) -> ReloadReport:
    """Read the folder, ask the datasource for values, and put the layer in force if it differs.

    `datasource` None is the one that `source.yml` names, or "" when that cannot be read. Broken
    files and an unreachable datasource leave the last good version in force and are reported.
    `by` None means that Atlas itself does it, at start.
    """
    name = datasource or ""
    try:
        layer = await asyncio.to_thread(load_layer, folder)
        name = datasource or layer.source.datasource
        _refuse_another(name, layer)
        layer, left_out = await _contributed(name, layer)
        layer, warnings = await _filled(name, layer, by)
    except LayerError as error:
        return await in_db(_keep_last, name, error.problems, by)
    except AtlasError as error:
        failure = engine_failure(error)
        message = _("the values could not be read: %(reason)s") % {"reason": failure.message}
        problem = Problem("source.yml", 0, message)
        return await in_db(_keep_last, name, [problem], by)
    report = await in_db(_store, name, layer, (*left_out, *warnings), by)
    await note_rights(name, layer)
    return report


def may_start_with_stored(datasource: str) -> bool:
    """Whether a layer is stored that may be used until the files are read again.

    One that holds values which a policy or mask of today protects may not. `datasource` "" is
    that of the newest layer.
    """
    layer = layer_in_force(datasource)
    return layer is not None and not any(_is_protected(layer, ref) for ref in layer.values)


async def _contributed(datasource: str, layer: SemanticLayer) -> tuple[SemanticLayer, list[str]]:
    """The layer with the entities that the datasource's plugin brings; its failure is a warning."""
    try:
        drafts = await connections.entities(datasource)
    except AtlasError as error:
        return layer, [error.user_message]
    return with_contributed(layer, [(draft.name, draft.yaml) for draft in drafts])


def _refuse_another(datasource: str, layer: SemanticLayer) -> None:
    """A layer of one database must not be asked of another."""
    if layer.source.datasource != datasource:
        names = {"described": layer.source.datasource, "asked": datasource}
        message = _("describes “%(described)s”, but questions go to “%(asked)s”") % names
        raise LayerError([Problem("source.yml", 0, message)])


async def _filled(
    datasource: str, layer: SemanticLayer, by: Actor | None
) -> tuple[SemanticLayer, list[str]]:
    """The layer with the values of its dimensions and the day that the data reaches.

    These statements do not go through `run_query`: they are Atlas's own, made from the layer and
    for nobody, so there is no person whose rights, row policies or masks could count. Instead,
    values that any policy or mask covers are not read, the guard checks each statement, and one
    audit entry, written before the first, names all that is read.
    """
    asked = refresh_queries(layer)
    readable = {ref: sql for ref, sql in asked.values.items() if not _is_protected(layer, ref)}
    warnings = misnamed(layer.catalog())
    warnings += [
        _("The values of %(name)s are not read: they are protected.") % {"name": ref}
        for ref in asked.values
        if ref not in readable
    ]
    if readable or asked.as_of:
        await in_db(_record_refresh, datasource, list(readable), layer.source.as_of, by)
    values = {
        ref: [row[0] for row in await _rows(datasource, layer, sql)]
        for ref, sql in readable.items()
    }
    warnings += [
        _("%(name)s has more than %(count)s values, so they are not linked.")
        % {"name": ref, "count": MOST_VALUES}
        for ref, found in values.items()
        if len(found) > MOST_VALUES
    ]
    last, unread = await _last_day(datasource, layer, asked.as_of)
    return refreshed(layer, as_of=last, values=values), [*warnings, *unread]


async def _last_day(
    datasource: str, layer: SemanticLayer, sql: str | None
) -> tuple[dt.date | None, list[str]]:
    """The day that the data reaches; where the database itself protects rows it cannot be read."""
    if sql is None:
        return None, []
    checked = _checked(datasource, layer, sql)
    if await native.keeps(datasource, checked.tables):
        return None, [_("The last day of the data is not read: the database protects its rows.")]
    return _day(await _rows(datasource, layer, sql)), []


def _record_refresh(datasource: str, values: list[str], as_of: str, by: Actor | None) -> None:
    record(
        AuditEvent.SEMANTIC_REFRESHED,
        actor=by,
        actor_name="" if by else "atlas",
        subject=datasource,
        body={"values": values, "as_of": as_of},
    )


def _is_protected(layer: SemanticLayer, ref: str) -> bool:
    """Whether its values may not be known to everybody, as the layer is."""
    entity = layer.entity(ref)
    if entity is None:
        return True
    table = Table(entity.schema_name, entity.table, None)
    dimension = layer.dimension(ref)
    columns = referenced_columns(dimension.sql) if dimension else frozenset()
    plain = frozenset(column.rpartition(".")[2] for column in columns)
    is_sensitive = sensitive_queries().covers(table, plain)
    return is_sensitive or bool(row_policies().covering(table)) or hides_for_somebody(table, plain)


async def _rows(datasource: str, layer: SemanticLayer, sql: str) -> list[list[object]]:
    """The rows of one statement of our own, which passes the guard as all others do."""
    checked = _checked(datasource, layer, sql)
    wanted = QueryLimits(MOST_VALUES + 1, limits().max_bytes)
    result = await connections.query(datasource, checked.sql, timeout_ms=TIMEOUT_MS, limits=wanted)
    return as_lists(result.columns, result.rows)


def _checked(datasource: str, layer: SemanticLayer, sql: str) -> ValidatedQuery:
    dialects = {info.id: info.sql_dialect for info in connections.list_datasources()}
    if datasource not in dialects:
        raise AtlasError(_("There is no datasource of this name, or it is switched off."))
    options = Options(max_rows=MOST_VALUES)
    sql = spelled(sql, datasource, layer)
    checked = validate(sql, dialect=dialects[datasource], catalog=layer.catalog(), options=options)
    if isinstance(checked, Rejection):
        raise LayerError([Problem("source.yml", 0, f"{checked.message} ({sql})")])
    return checked


def _day(rows: Sequence[Sequence[object]]) -> dt.date | None:
    value = rows[0][0] if rows else None
    return value if isinstance(value, dt.date) else None


def _keep_last(datasource: str, problems: Sequence[Problem], by: Actor | None) -> ReloadReport:
    record(
        AuditEvent.SEMANTIC_KEPT,
        actor=by,
        actor_name="" if by else "atlas",
        subject=datasource,
        body={"problems": [str(problem) for problem in problems]},
    )
    return ReloadReport(datasource, problems=tuple(problems))


def _store(
    datasource: str, layer: SemanticLayer, warnings: tuple[str, ...], by: Actor | None
) -> ReloadReport:
    """Write a version when the layer differs from the newest; one process at a time."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"layer {datasource}"])
        last = SemanticVersion.objects.filter(datasource=datasource).order_by("-id").first()
        if last is not None and last.digest == layer.digest:
            if any(broken.datasource == datasource for broken in broken_files()):
                same = ReloadReport(datasource, version_id=last.pk)
                _announce(same, by, last.digest, last.digest)
            return ReloadReport(datasource, version_id=last.pk, warnings=warnings)
        before = SemanticLayer.model_validate(last.layer) if last else SemanticLayer()
        version = SemanticVersion.objects.create(
            datasource=datasource,
            digest=layer.digest,
            layer=json.loads(layer.to_json()),
            loaded_by=by.get_username() if by else "atlas",
        )
        report = _difference(datasource, version.pk, before, layer, warnings)
        _announce(report, by, last.digest if last else "", layer.digest)
    return report


def _difference(
    datasource: str,
    version_id: int,
    before: SemanticLayer,
    after: SemanticLayer,
    warnings: tuple[str, ...],
) -> ReloadReport:
    old = {entity.name: entity for entity in before.entities}
    new = {entity.name: entity for entity in after.entities}
    return ReloadReport(
        datasource,
        changed=True,
        version_id=version_id,
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed_entities=tuple(
            sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
        ),
        warnings=warnings,
    )


def _announce(report: ReloadReport, by: Actor | None, before: str, after: str) -> None:
    record(
        AuditEvent.SEMANTIC_RELOADED,
        actor=by,
        actor_name="" if by else "atlas",
        subject=report.datasource,
        body={
            "version": report.version_id,
            "digest_before": before,
            "digest_after": after,
            "added": report.added,
            "removed": report.removed,
            "changed": report.changed_entities,
        },
    )
    notify(Topic.PLUGINS, f"semantic:{report.datasource}")
