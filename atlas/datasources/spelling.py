"""The layer's own statements in the words of the datasource that they are for."""

from atlas.semantic.layer import SemanticLayer
from plugins_app.host.facets import connections


def spelled(sql: str, datasource: str, layer: SemanticLayer) -> str:
    """A statement made from `layer`, as the engine of `datasource` reads it.

    One for a datasource that is not there stays as it is; asking it says so.
    """
    dialects = {info.id: info.sql_dialect for info in connections.list_datasources()}
    dialect = dialects.get(datasource, "postgres")
    if dialect == "postgres":
        return sql
    from atlas.semantic.translating import date_columns, in_dialect  # noqa: PLC0415 - slow import of another dialect

    return in_dialect(sql, dialect, date_columns(layer))
