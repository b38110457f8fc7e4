"""The small company the guard is tested on: its catalog, its corpus and its account."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from atlas.sql import Catalog, Options, Rejection, Table, ValidatedQuery, validate

CORPUS = Path(__file__).parent / "corpus"
SCHEMA = (CORPUS / "schema.sql").read_text()


def table(schema: str, name: str, columns: str | None) -> Table:
    return Table(schema, name, None if columns is None else tuple(columns.split()))


CATALOG = Catalog(
    tables=(
        table("public", "customers", "id name country city"),
        table("public", "employees", "id name manager_id hired_on"),
        table("public", "products", "id name category price stock discontinued"),
        table(
            "public",
            "orders",
            "id customer_id employee_id status ordered_on shipped_at total note tags details",
        ),
        table("public", "order_lines", "order_id product_id quantity unit_price discount"),
        table("public", "Region", "Id Name order"),
        table("sales", "events", None),
    ),
    default_schema="public",
)

LISTED_TABLES = frozenset(t.full_name for t in CATALOG.tables)
LISTED_COLUMNS = frozenset(
    f"{t.name}.{column}" for t in CATALOG.tables for column in t.columns or ()
)

_HEAD = re.compile(r"-- \[(?P<name>[^\]]+)\] ?(?P<code>\w*)\Z")


@dataclass(frozen=True)
class Entry:
    """One query of the corpus; `code` is the rejection expected, empty when it is accepted."""

    name: str
    code: str
    sql: str


def corpus(kind: str, dialect: str = "postgres") -> list[Entry]:
    """The entries of corpus/<kind>/<dialect>.sql; each begins with a line `-- [name] code`."""
    entries: list[Entry] = []
    lines: list[str] = []
    head: re.Match[str] | None = None
    for line in [*(CORPUS / kind / f"{dialect}.sql").read_text().split("\n"), "-- [end]"]:
        found = _HEAD.match(line)
        if found is None:
            lines.append(line)
            continue
        if head is not None:
            entries.append(Entry(head["name"], head["code"], "\n".join(lines).rstrip("\n")))
        head, lines = found, []
    return entries


def each(entries: list[Entry]) -> list[object]:
    return [pytest.param(entry, id=entry.name) for entry in entries]


def ask(sql: str, options: Options | None = None) -> ValidatedQuery | Rejection:
    return validate(sql, dialect="postgres", catalog=CATALOG, options=options or Options())


def accepted(sql: str, options: Options | None = None) -> ValidatedQuery:
    answer = ask(sql, options)
    assert isinstance(answer, ValidatedQuery), answer
    return answer


def rejected(sql: str, options: Options | None = None) -> Rejection:
    answer = ask(sql, options)
    assert isinstance(answer, Rejection), answer
    return answer
