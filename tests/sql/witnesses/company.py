"""The test company in engines other than PostgreSQL: listed tables beside unlisted canaries.

Two companies with different marks differ in unlisted cells only, so whatever differs between
their answers came out of an unlisted cell.
"""

from atlas.sql import Catalog, Table

LISTED = {
    "customers": "id int, name T, country T, city T",
    "employees": "id int, name T, manager_id int, hired_on date",
    "products": "id int, name T, category T, price N, stock int, discontinued int",
    "orders": "id int, customer_id int, employee_id int, status T, ordered_on date, shipped_at S,"
    " total N, note T, tags A, details J",
    "analytics.events": "id int, user_id int, kind T, at S, payload J",
}
# Columns that exist in every listed table and are not listed.
HIDDEN = "margin int, secret T"
UNLISTED = {
    "secrets": "id int, secret T",
    "events": "id int, secret T",
    "analytics.orders": "id int, status T, secret T",
}
TYPES = {
    "duckdb": {"T": "VARCHAR", "S": "TIMESTAMP", "N": "DECIMAL(12,2)", "A": "VARCHAR[]"},
    "sqlite": {"T": "TEXT", "S": "TEXT", "N": "REAL", "A": "TEXT", "J": "TEXT"},
    "mariadb": {"T": "VARCHAR(90)", "S": "DATETIME", "N": "DECIMAL(12,2)", "A": "JSON"},
    "clickhouse": {
        "T": "String",
        "S": "DateTime",
        "N": "Float64",
        "A": "Array(String)",
        "J": "String",
        "int": "Int32",
        "date": "Date",
    },
}
QUOTES = {"mariadb": "`", "clickhouse": "`"}
_MERGE_TREE = " ENGINE = ReplacingMergeTree ORDER BY (id, intHash32(id)) SAMPLE BY intHash32(id)"
_STATUSES = ("open", "shipped", "late")


def names(columns: str) -> tuple[str, ...]:
    """The names of columns written as `name type, name type`."""
    return tuple(column.split()[0] for column in columns.split(","))


def _table(full_name: str, columns: str) -> Table:
    schema, _, name = full_name.rpartition(".")
    return Table(schema or None, name, names(columns))


CLOSED = Catalog(tuple(_table(name, columns) for name, columns in LISTED.items()))


def statements(dialect: str, mark: int) -> list[str]:
    """What makes and fills every table; `mark` is what unlisted cells hold."""
    made: list[str] = []
    for table, columns in (LISTED | UNLISTED).items():
        hidden = f", {HIDDEN}" if table in LISTED else ""
        typed = _typed(f"{columns}{hidden}", dialect)
        tail = _MERGE_TREE if dialect == "clickhouse" else ""
        made.append(f"CREATE TABLE {table} ({typed}){tail}")
        wanted = names(f"{columns}{hidden}")
        rows = (
            ", ".join(_value(table, column, number, mark, dialect) for column in wanted)
            for number in range(1, 13)
        )
        made.append(f"INSERT INTO {table} VALUES {', '.join(f'({row})' for row in rows)}")
    return made


def _typed(columns: str, dialect: str) -> str:
    quote = QUOTES.get(dialect, '"')
    types = TYPES[dialect]
    typed = (column.split() for column in columns.split(","))
    key = " PRIMARY KEY" if dialect == "mariadb" else ""
    return ", ".join(
        f"{quote}{name}{quote} {types.get(kind, 'JSON' if kind == 'J' else kind)}"
        f"{key if name == 'id' else ''}"
        for name, kind in typed
    )


def _value(table: str, column: str, number: int, mark: int, dialect: str) -> str:
    if column == "secret" or (table in UNLISTED and column != "id"):
        return f"'canary{mark}'"
    if column == "margin":
        return str(770_000 + mark)
    day = f"2024-{number:02}-0{number % 9 + 1}"
    texts = {
        "status": _STATUSES[number % 3],
        "kind": ("view", "buy")[number % 2],
        "ordered_on": day,
        "hired_on": day,
        "shipped_at": f"{day} 10:30:00",
        "at": f"{day} 08:00:00",
        "tags": f'["t{number % 3}","x"]',
        "details": f'{{"a": {number}, "b": [{number}], "items": [{{"n": {number}}}]}}',
        "payload": f'{{"n": {number}}}',
    }
    if column == "tags" and dialect in ("duckdb", "clickhouse"):
        return f"['t{number % 3}', 'x']"
    if column in texts:
        return f"'{texts[column]}'"
    if column in ("name", "country", "city", "category", "note"):
        return f"'{column} {number % 5}'"
    return str(
        {"id": number, "price": number * 1.5, "total": number * 10.5}.get(column, number % 7)
    )
