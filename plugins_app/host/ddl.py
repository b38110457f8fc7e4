"""Creates and extends plugin tables as the owner, one transaction per plugin."""

import hashlib
from typing import Any

from django.db import connections, transaction
from psycopg import sql

from plugins_app.host.models import PluginMigration
from plugins_app.host.tables import (
    add_column,
    create_table,
    declared_columns,
    table_names,
)
from plugins_app.sdk import Field, Plugin, PluginError, Table

OWNER = "owner"
LOCK = "hashtext('atlas plugin tables')"


def owner_alias() -> str:
    """Return the alias of the login that may create tables."""
    return OWNER if OWNER in connections.databases else "default"


def apply_tables(plugin: Plugin[Any]) -> list[str]:
    """Bring the tables of a plugin to their declaration; return the statements that ran.

    All or nothing, safe to repeat and to run in several processes at once. What the database
    holds decides, not the log; nothing is dropped, renamed or retyped.
    """
    alias = owner_alias()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        applied: list[str] = []
        for name, full in table_names(plugin).items():
            for statement in _missing(cursor, plugin.id, full, plugin.schema[name]):
                text = statement.as_string(cursor.connection)
                cursor.execute(text)
                _record(alias, plugin.id, full, text)
                applied.append(text)
            _grant(cursor, full)
    return applied


def _missing(cursor: Any, plugin_id: str, full: str, table: Table) -> list[sql.Composed]:
    existing = _columns(cursor, full)
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


def _columns(cursor: Any, full: str) -> set[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(%s))"
        " AND attnum > 0 AND NOT attisdropped",
        [full],
    )
    return {row[0] for row in cursor.fetchall()}


def _refuse_impossible(cursor: Any, full: str, new: dict[str, Field]) -> None:
    needed = [n for n, f in new.items() if f.required and f.default is None]
    if not needed:
        return
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(full)))
    if cursor.fetchone()[0]:
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


def _grant(cursor: Any, full: str) -> None:
    app = connections["default"].settings_dict["USER"]
    if app and app != connections[owner_alias()].settings_dict["USER"]:
        cursor.execute(
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(
                sql.Identifier(full), sql.Identifier(app)
            )
        )
