"""Names and columns of plugin tables, and what is refused before any statement runs."""

import hashlib
from collections.abc import Iterable
from typing import Any

from psycopg import sql

from plugins_app.sdk import Field, Plugin, PluginError, Reference, Table
from plugins_app.sdk.tables import COLUMN_TYPES, GENERATED

MAX_NAME_BYTES = 63
SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"})


def table_name(plugin_id: str, name: str) -> str:
    """Return the full name of a plugin's table, always in lower case."""
    return f"plugin_{plugin_id}_{name}".replace("-", "_").lower()


def table_names(plugin: Plugin[Any]) -> dict[str, str]:
    """Return declared name to full name."""
    return {name: table_name(plugin.id, name) for name in plugin.schema}


def check_tables(plugin: Plugin[Any], taken: Iterable[str] = ()) -> None:
    """Raise `PluginError` when a name is too long, reserved, doubled or used by another plugin."""
    seen = set(taken)
    for name, full in table_names(plugin).items():
        if len(full.encode()) > MAX_NAME_BYTES:
            raise PluginError(f"The table {full} has a name of more than {MAX_NAME_BYTES} bytes.")
        if full in seen:
            raise PluginError(f"The table {full} is declared twice, or by another plugin too.")
        seen.add(full)
        _check_columns(full, plugin.schema[name])


def declared_columns(table: Table) -> dict[str, Field]:
    """Return the columns to make, without those the host adds by itself."""
    return {name: field for name, field in table.fields.items() if name not in GENERATED}


def create_table(full: str, table: Table) -> sql.Composed:
    """Return CREATE TABLE with the generated columns and every declared one."""
    columns = [
        sql.SQL("id UUID PRIMARY KEY DEFAULT gen_random_uuid()"),
        *(column(name, field) for name, field in declared_columns(table).items()),
        sql.SQL("created_at TIMESTAMPTZ NOT NULL DEFAULT now()"),
        sql.SQL("updated_at TIMESTAMPTZ NOT NULL DEFAULT now()"),
    ]
    return sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(full), sql.SQL(", ").join(columns))


def add_column(full: str, name: str, field: Field) -> sql.Composed:
    """Return ALTER TABLE ADD COLUMN."""
    return sql.SQL("ALTER TABLE {} ADD COLUMN {}").format(sql.Identifier(full), column(name, field))


def constraint_name(full: str, name: str) -> str:
    """Return the name of a column's reference; the same each time, and never too long."""
    text = f"{full}_{name}_fkey"
    if len(text) <= MAX_NAME_BYTES:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{text[: MAX_NAME_BYTES - 9]}_{digest}"


def add_reference(full: str, name: str, target: str, to: Reference) -> sql.Composed:
    """Return ALTER TABLE ADD FOREIGN KEY."""
    return sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})").format(
        sql.Identifier(full),
        sql.Identifier(constraint_name(full, name)),
        sql.Identifier(name),
        sql.Identifier(target),
        sql.Identifier(to.field),
    )


def column(name: str, field: Field) -> sql.Composed:
    """Return the definition of one column."""
    parts: list[sql.Composable] = [sql.Identifier(name), sql.SQL(COLUMN_TYPES[field.type])]
    if field.required:
        parts.append(sql.SQL("NOT NULL"))
    if field.unique:
        parts.append(sql.SQL("UNIQUE"))
    if field.type == "date" and field.default is not None:
        parts.append(sql.SQL("DEFAULT now()"))
    elif field.default is not None:
        parts.append(sql.SQL("DEFAULT {}").format(sql.Literal(field.default)))
    return sql.SQL(" ").join(parts)


def _check_columns(full: str, table: Table) -> None:
    if "id" in table.fields:
        raise PluginError(f"The table {full} declares id, which is added by itself.")
    for name in ("created_at", "updated_at"):
        if name in table.fields and table.fields[name].type != "date":
            raise PluginError(f"The table {full} declares {name} with a type other than date.")
    for name in table.fields:
        if name in SYSTEM_COLUMNS:
            raise PluginError(f"The table {full} declares {name}, a name PostgreSQL reserves.")
        if len(name.encode()) > MAX_NAME_BYTES:
            raise PluginError(f"{full}: a column has a name of more than {MAX_NAME_BYTES} bytes.")
