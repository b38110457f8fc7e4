"""Keeps updated_at of plugin tables at the time of the latest change."""

from typing import Any

from psycopg import sql

from plugins_app.host.tables.catalogue import triggers_of

TRIGGER = "atlas_touch_updated_at"
FUNCTION = """
CREATE OR REPLACE FUNCTION atlas_touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END
$$
"""


def keep_fresh(cursor: Any, full: str) -> None:
    """Make the trigger of a table when it is not there."""
    if TRIGGER in triggers_of(cursor, full):
        return
    cursor.execute(FUNCTION)
    cursor.execute(
        sql.SQL(
            "CREATE TRIGGER {} BEFORE UPDATE ON {} FOR EACH ROW"
            " EXECUTE FUNCTION atlas_touch_updated_at()"
        ).format(sql.Identifier(TRIGGER), sql.Identifier(full))
    )
