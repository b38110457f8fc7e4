"""Creates and extends plugin tables as the owner, one transaction per plugin."""

import hashlib
from typing import Any

from django.db import connections, transaction
from psycopg import sql

from plugins_app.host.models import PluginMigration
from plugins_app.host.tables import roles as plugin_roles
from plugins_app.host.tables.catalogue import columns_of, constraints_of, has_rows
from plugins_app.host.tables.names import (
    add_column,
    add_reference,
    constraint_name,
    create_table,
    declared_columns,
    table_names,
)
from plugins_app.host.tables.touching import keep_fresh
from plugins_app.sdk import Field, Plugin, PluginError, Table

OWNER = "owner"
LOCK = "hashtext('atlas plugin tables')"
Planned = tuple[str, sql.Composed]


def owner_alias() -> str:
    """Return the alias of the login that may create tables."""
    return OWNER if OWNER in connections.databases else "default"


def apply_tables(plugin: Plugin[Any]) -> list[str]:
    """Bring the tables of a plugin to their declaration; return the statements that ran.

    All or nothing, safe to repeat and to run in several processes at once. What the database
    holds decides, not the log; nothing is dropped, renamed or retyped. What cannot be done is
    refused before the first statement.
    """
    alias = owner_alias()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        applied: list[str] = []
        for full, statement in _plan(cursor, plugin):
            text = statement.as_string(cursor.connection)
            cursor.execute(text)
            _record(alias, plugin.id, full, text)
            applied.append(text)
        for full in table_names(plugin).values():
            keep_fresh(cursor, full)
            _grant(cursor, full)
        _separate(cursor, plugin)
    return applied


def _plan(cursor: Any, plugin: Plugin[Any]) -> list[Planned]:
    """Tables first, then columns, then references: each may need those before it."""
    names = table_names(plugin)
    tables: list[Planned] = []
    references: list[Planned] = []
    for name, full in names.items():
        table = plugin.schema[name]
        tables += [(full, one) for one in _missing(cursor, plugin.id, full, table)]
        known = constraints_of(cursor, full)
        for column, field in declared_columns(table).items():
            to = field.references
            if to is not None and constraint_name(full, column) not in known:
                references.append((full, add_reference(full, column, names[to.table], to)))
    return tables + references


def _missing(cursor: Any, plugin_id: str, full: str, table: Table) -> list[sql.Composed]:
    existing = columns_of(cursor, full)
    if not existing:
        return [create_table(full, table)]
    known = PluginMigration.objects.using(owner_alias()).filter(table_name=full)
    owners = set(known.values_list("plugin_id", flat=True))
    if owners != {plugin_id}:
        whose = ", ".join(sorted(owners)) or "something else"
        raise PluginError(f"The table {full} exists already and belongs to {whose}.")
    new = {n: f for n, f in declared_columns(table).items() if n not in existing}
    _refuse_impossible(cursor, full, new)
    return [add_column(full, name, field) for name, field in new.items()]


def _refuse_impossible(cursor: Any, full: str, new: dict[str, Field]) -> None:
    needed = [n for n, f in new.items() if f.required and f.default is None]
    if needed and has_rows(cursor, full):
        raise PluginError(
            f"The table {full} holds rows, so the new required field {needed[0]} needs a default."
        )


def _record(alias: str, plugin_id: str, full: str, text: str) -> None:
    PluginMigration.objects.using(alias).create(
        plugin_id=plugin_id,
        table_name=full,
        sql=text,
        sql_hash=hashlib.sha256(text.encode()).hexdigest(),
    )


def _separate(cursor: Any, plugin: Plugin[Any]) -> None:
    """Give the plugin a role of its own, where the owner may make roles."""
    settings = connections["default"].settings_dict
    if plugin.schema and settings["USER"]:
        role = plugin_roles.role_of(plugin.id, settings["NAME"])
        plugin_roles.prepare(cursor, role, table_names(plugin).values(), settings["USER"])


def _grant(cursor: Any, full: str) -> None:
    app = connections["default"].settings_dict["USER"]
    if app and app != connections[owner_alias()].settings_dict["USER"]:
        cursor.execute(
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(
                sql.Identifier(full), sql.Identifier(app)
            )
        )
