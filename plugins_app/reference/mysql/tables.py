"""What MySQL or MariaDB says about the tables that a login may read; no row of them is read."""

from plugins_app.reference.mysql.session import Session
from plugins_app.sdk import ColumnDescription, ForeignKeyDescription, TableDescription

_TABLES = """
SELECT t.table_name, t.table_type, t.table_comment FROM information_schema.tables AS t
WHERE t.table_schema = DATABASE() ORDER BY 1
"""
# A TINYINT(1) is how these engines write a truth value.
_COLUMNS = """
SELECT table_name, column_name, IF(column_type = 'tinyint(1)', 'boolean', data_type)
FROM information_schema.columns
WHERE table_schema = DATABASE() AND privileges LIKE '%select%'
ORDER BY table_name, ordinal_position
"""
_KEYS = """
SELECT table_name, constraint_name, column_name, referenced_table_schema, referenced_table_name,
       referenced_column_name
FROM information_schema.key_column_usage
WHERE table_schema = DATABASE()
  AND (constraint_name = 'PRIMARY' OR referenced_table_name IS NOT NULL)
ORDER BY table_name, constraint_name, ordinal_position
"""
Keys = dict[tuple[str, str], ForeignKeyDescription]


def describe(session: Session, database: str) -> list[TableDescription]:
    """Describe the tables and views of the login's database."""
    columns: dict[str, list[ColumnDescription]] = {}
    for table, name, kind in session.rows(_COLUMNS):
        columns.setdefault(table, []).append(ColumnDescription(name, kind))
    primary: dict[str, tuple[str, ...]] = {}
    foreign: Keys = {}
    for table, constraint, column, schema, target, there in session.rows(_KEYS):
        if target is None:
            primary[table] = (*primary.get(table, ()), column)
            continue
        before = foreign.get((table, constraint))
        own, theirs = (before.columns, before.target_columns) if before else ((), ())
        foreign[table, constraint] = ForeignKeyDescription(
            (*own, column), schema, target, (*theirs, there)
        )
    return [
        TableDescription(
            database,
            name,
            tuple(columns[name]),
            primary.get(name, ()),
            tuple(key for (table, _), key in foreign.items() if table == name),
            # Of a view, the comment is the word VIEW.
            "" if kind != "BASE TABLE" else comment,
        )
        for name, kind, comment in session.rows(_TABLES)
        if name in columns
    ]
