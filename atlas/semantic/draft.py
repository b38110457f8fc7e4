"""A first layer from a database's own description: tables, columns, keys and foreign keys.

No row is looked at, so no value of anybody's data gets into the files.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from atlas.semantic.drafted_columns import Drafted, draft_columns
from atlas.semantic.identifiers import identifier

LONGEST_NAME = 60
LIST_COLUMNS = 6


@dataclass(frozen=True)
class Column:
    """One column; `type` is the engine's name, such as "integer" or "character varying"."""

    name: str
    type: str


@dataclass(frozen=True)
class ForeignKey:
    """Columns that point to columns of another table."""

    columns: tuple[str, ...]
    schema: str
    table: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True)
class TableFacts:
    """One table or view as the database describes it; `comment` is its owner's."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class Introspection:
    """All readable tables of one datasource."""

    datasource: str
    tables: tuple[TableFacts, ...]


def draft(introspection: Introspection) -> dict[str, str]:
    """YAML text by path, ready to be written into a new folder and to be loaded."""
    names = _entity_names(introspection.tables)
    files = {"source.yml": f"datasource: {_text(introspection.datasource)}\nas_of: now\n"}
    tables = {(table.schema, table.name): _Table(table) for table in introspection.tables}
    for key, name in names.items():
        files[f"entities/{name}.yml"] = "\n".join(_entity(tables[key], names, tables)) + "\n"
    files["examples.yml"] = "\n".join(_examples(names)) + "\n"
    return files


Key = tuple[str, str]
Names = Mapping[Key, str]


class _Table:
    """The facts of a table with what is proposed for its columns."""

    def __init__(self, facts: TableFacts) -> None:
        self.facts = facts
        pointing = {column for key in facts.foreign_keys for column in key.columns}
        if len(facts.primary_key) == 1:
            pointing -= set(facts.primary_key)
        keys = frozenset(clean_name(column) for column in facts.primary_key)
        foreign = frozenset(clean_name(column) for column in pointing)
        self.drafted = draft_columns(facts.name, _named(facts), keys, foreign)


def _entity_names(tables: Sequence[TableFacts]) -> dict[tuple[str, str], str]:
    names: dict[tuple[str, str], str] = {}
    for table in tables:
        name = clean_name(table.name)
        if name in names.values():
            name = clean_name(f"{table.schema}_{table.name}")
        while name in names.values():
            name += "_"
        names[table.schema, table.name] = name
    return names


def clean_name(text: str) -> str:
    """The text as a name of the layer: lower case letters, digits and underscores."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    name = re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")[:LONGEST_NAME].strip("_")
    return name if name and name[0].isalpha() else f"t_{name}".rstrip("_")


def _entity(found: _Table, names: Names, tables: Mapping[Key, _Table]) -> Iterator[str]:
    table, drafted = found.facts, found.drafted
    name = names[table.schema, table.name]
    yield f"name: {name}"
    yield f"table: {_text(table.name)}"
    yield f"schema_name: {_text(table.schema)}"
    yield f"label: {_text(_label(name))}"
    yield f"synonyms: {_list(_singular(name))}"
    if table.comment:
        yield f"description: {_text(' '.join(table.comment.split())[:300])}"
    if not table.primary_key:
        yield "# No primary key was found: name the columns that tell rows apart."
    yield f"primary_key: {_list(table.primary_key)}"
    yield from _overview(drafted, drafted.time or _time_of_parent(table, names, tables))
    yield from _dimensions(drafted)
    yield from _measures(drafted)
    yield from _joins(table, names, tables)


def _named(table: TableFacts) -> list[tuple[str, str, str]]:
    """Each column's name in the layer, its SQL and its type; names are made unique."""
    found: list[tuple[str, str, str]] = []
    for column in table.columns:
        name = clean_name(column.name)
        while name in {other for other, _, _ in found}:
            name += "_2"
        found.append((name, identifier(column.name).sql(dialect="postgres"), column.type))
    return found


def _overview(drafted: Drafted, time: str | None) -> Iterator[str]:
    if time:
        yield f"default_time: {time}"
    if drafted.label:
        yield f"label_column: {drafted.label}"
    shown = [d.name for d in drafted.dimensions if not d.hidden][:LIST_COLUMNS]
    if shown:
        yield f"list_columns: {_list(shown)}"


def _time_of_parent(table: TableFacts, names: Names, tables: Mapping[Key, _Table]) -> str | None:
    """The date of the row that this row is a part of, such as the order of an order line."""
    for key in table.foreign_keys:
        parent = tables.get((key.schema, key.table))
        is_part = set(key.columns) < set(table.primary_key)
        if parent is not None and is_part and parent.drafted.time:
            return f"{names[key.schema, key.table]}.{parent.drafted.time}"
    return None


def _dimensions(drafted: Drafted) -> Iterator[str]:
    if drafted.dimensions:
        yield ""
        yield "dimensions:"
    for dimension in drafted.dimensions:
        yield f"  - name: {dimension.name}"
        yield f"    sql: {_text(dimension.sql)}"
        yield f"    type: {dimension.type}"
        yield f"    label: {_text(_label(dimension.name))}"
        if dimension.hidden:
            yield "    hidden: true"
        if dimension.type == "category":
            yield "    # values: from_db   (lets people filter by its values)"
        if dimension.type == "boolean":
            phrase = dimension.name.removeprefix("is_").removeprefix("has_").replace("_", " ")
            yield f"    phrases: {{true: {_list([phrase])}, false: {_list([f'not {phrase}'])}}}"


def _measures(drafted: Drafted) -> Iterator[str]:
    if drafted.measures:
        yield ""
        yield "measures:"
    for measure in drafted.measures:
        yield f"  - name: {measure.name}"
        yield f"    sql: {_text(measure.sql)}"
        yield f"    agg: {measure.agg}"
        yield f"    label: {_text(_label(measure.name))}"
        yield f"    synonyms: {_list(measure.synonyms)}"
        if measure.agg == "avg":
            yield "    additive: false"


def _joins(table: TableFacts, names: Names, tables: Mapping[Key, _Table]) -> Iterator[str]:
    lines: list[str] = []
    any_live = False
    reached = {names[table.schema, table.name]}
    for key in table.foreign_keys:
        target = tables.get((key.schema, key.table))
        if target is None or set(key.target_columns) != set(target.facts.primary_key):
            continue
        to = names[key.schema, key.table]
        single = bool(table.primary_key) and set(key.columns) == set(table.primary_key)
        pairs = zip(key.columns, key.target_columns, strict=True)
        keys = ", ".join(f"{_text(here)}: {_text(there)}" for here, there in pairs)
        kind = "one_to_one" if single else "many_to_one"
        # The layer walks from one entity to another in one way only.
        mark = "# " if to in reached else ""
        any_live = any_live or not mark
        reached.add(to)
        lines.append(f"  {mark}- {{to: {to}, keys: {{{keys}}}, cardinality: {kind}}}")
    if lines:
        yield ""
        yield "joins:" if any_live else "# joins:"
        yield from lines


def _examples(names: Names) -> Iterator[str]:
    for name in names.values():
        yield f"- question: {_text(f'How many {_label(name).lower()} are there?')}"
        yield f"  query: {{measures: [{name}.count]}}"


def _label(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()


def _singular(name: str) -> list[str]:
    words = name.replace("_", " ").strip()
    if words.endswith("ies"):
        return [f"{words[:-3]}y"]
    if words.endswith(("sses", "shes", "ches", "xes")):
        return [words[:-2]]
    return [words[:-1]] if words.endswith("s") and not words.endswith("ss") else []


def _list(items: Sequence[str]) -> str:
    return f"[{', '.join(_text(item) for item in items)}]"


_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*( [A-Za-z0-9_]+)*")
_NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def _text(text: str) -> str:
    """The text as one YAML scalar, quoted unless every reader takes it as text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN:
        return text
    return json.dumps(text, ensure_ascii=False)
