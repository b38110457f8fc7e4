"""Finds how live plugin tables differ from their declaration in ways the host never changes."""

from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.utils.translation import gettext as _

from plugins_app.host.tables.catalogue import LiveColumn, columns_of
from plugins_app.host.tables.names import declared_columns, table_names
from plugins_app.host.upkeep.repairs import AGAIN, Repair
from plugins_app.sdk import Field, Plugin
from plugins_app.sdk.tables import COLUMN_TYPES, GENERATED

LIVE_TYPES = {
    "TIMESTAMPTZ": "timestamp with time zone",
}


def drift(plugin: Plugin[Any]) -> list[Repair]:
    """Return a repair for each column that a person has to change, with the statement to run."""
    found: list[Repair] = []
    with connections["default"].cursor() as cursor:
        for name, full in table_names(plugin).items():
            live = columns_of(cursor, full)
            declared = declared_columns(plugin.schema[name])
            found += _changed(full, declared, live)
            found += _removed(full, declared, live)
    return found


def _changed(
    full: str, declared: dict[str, Field], live: dict[str, LiveColumn]
) -> Iterator[Repair]:
    for name, field in declared.items():
        column = live.get(name)
        if column is None:
            continue
        wanted = COLUMN_TYPES[field.type]
        if column.type != LIVE_TYPES.get(wanted, wanted.lower()):
            yield Repair(
                f"{full}.{name} type",
                _("%(column)s is %(live)s, and the plugin declares it as %(wanted)s now.")
                % {"column": f"{full}.{name}", "live": column.type, "wanted": wanted},
                _cure(),
                f'ALTER TABLE "{full}" ALTER COLUMN "{name}" TYPE {wanted}'
                f' USING "{name}"::{wanted};',
                AGAIN,
            )
        if column.required != field.required:
            change = "SET" if field.required else "DROP"
            yield Repair(
                f"{full}.{name} required",
                _("%(column)s was declared with another `required`.")
                % {"column": f"{full}.{name}"},
                _cure(),
                f'ALTER TABLE "{full}" ALTER COLUMN "{name}" {change} NOT NULL;',
                AGAIN,
            )


def _removed(
    full: str, declared: dict[str, Field], live: dict[str, LiveColumn]
) -> Iterator[Repair]:
    for name in live:
        if name not in declared and name not in GENERATED:
            yield Repair(
                f"{full}.{name} removed",
                _(
                    "%(column)s is not declared any more; it keeps its values. A renamed field is"
                    " a new column beside it."
                )
                % {"column": f"{full}.{name}"},
                _cure(),
                f'ALTER TABLE "{full}" DROP COLUMN "{name}";',
                AGAIN,
            )


def _cure() -> str:
    return _("Run the statement as the login that owns the tables; then start the plugin again.")
