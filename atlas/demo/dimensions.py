"""The well-known values: customers, products and the rest, read from the CSV files."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "northwind"

# In the order of their foreign keys.
TABLES = (
    "region",
    "categories",
    "shippers",
    "suppliers",
    "products",
    "customers",
    "employees",
    "territories",
    "employee_territories",
)


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of one table as text; an empty text is null."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def columns(table: str) -> tuple[str, ...]:
    """The column names of one table, in the order of its rows."""
    return tuple(rows(table)[0])


def copy_lines(table: str) -> Iterator[str]:
    """The rows as lines of COPY's text format."""
    for row in rows(table):
        yield "\t".join(copy_field(value) for value in row.values()) + "\n"


def copy_field(value: str) -> str:
    """One value in COPY's text format; an empty one becomes null."""
    if not value:
        return r"\N"
    escaped = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return escaped.replace("\r", "\\r")
