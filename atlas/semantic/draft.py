"""A first layer from a database's own description: tables, columns, keys and foreign keys.

No row is looked at, so no value of anybody's data gets into the files.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from atlas.semantic.drafted_columns import Drafted, draft_columns
from atlas.semantic.drafted_joins import DraftedJoin, draft_joins
from atlas.semantic.drafted_words import label, singular
from atlas.semantic.identifiers import identifier
from atlas.semantic.introspected import Introspection, TableFacts

LONGEST_NAME = 60
LIST_COLUMNS = 6


def draft(introspection: Introspection) -> dict[str, str]:
    """YAML text by path, ready to be written into a new folder and to be loaded."""
    names = _entity_names(introspection.tables)
    tables = {(table.schema, table.name): _Table(table) for table in introspection.tables}
    files = {"source.yml": "\n".join(_source(introspection, names, tables)) + "\n"}
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


def _source(
    introspection: Introspection, names: Names, tables: Mapping[Key, _Table]
) -> Iterator[str]:
    yield f"datasource: {_text(introspection.datasource)}"
    yield '# "this month" counts from today. For data that has ended, name its last day:'
    for key, name in names.items():
        time = tables[key].drafted.time
        if time:
            yield f"# as_of: max({name}.{time})"
    yield "as_of: now"


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
    yield f"label: {_text(label(name))}"
    one = singular(name)
    yield f"synonyms: {_list([one] if one else [])}"
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
    if not time:
        yield "# Nothing here has a date: rows say how things are now."
        yield "snapshot: true"
    shown = _shown(drafted)
    if shown:
        yield f"list_columns: {_list(shown)}"


def _shown(drafted: Drafted) -> list[str]:
    """The columns of a list: what names and dates a row, what tells it apart, then figures."""
    order = {"id": 1, "category": 2, "boolean": 3, "number": 4, "date": 5, "text": 6}
    first = (drafted.label, drafted.time)
    found = sorted(
        (d for d in drafted.dimensions if not d.hidden),
        key=lambda d: (d.name not in first, order[d.type]),
    )
    return [dimension.name for dimension in found[:LIST_COLUMNS]]


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
        yield f"    label: {_text(dimension.label)}"
        if dimension.synonyms:
            yield f"    synonyms: {_list(dimension.synonyms)}"
        if dimension.is_plain:
            yield "    format: plain"
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
        yield f"    label: {_text(measure.label)}"
        yield f"    synonyms: {_list(measure.synonyms)}"
        if measure.agg == "avg":
            yield "    additive: false"


def _joins(table: TableFacts, names: Names, tables: Mapping[Key, _Table]) -> Iterator[str]:
    facts = {key: found.facts for key, found in tables.items()}
    found = draft_joins(table, facts)
    if found:
        yield ""
        yield "joins:" if any(not join.is_second for join in found) else "# joins:"
    for join in found:
        yield from _join(join, names[join.to])


def _join(join: DraftedJoin, to: str) -> Iterator[str]:
    keys = ", ".join(f"{_text(here)}: {_text(there)}" for here, there in join.pairs)
    kind = "one_to_one" if join.one_to_one else "many_to_one"
    if join.by_name:
        yield "  # Told by the names of the columns: no foreign key says so."
    if join.is_second:
        yield f"  # A second way to {to}. To use it, copy entities/{to}.yml under another name."
    mark = "# " if join.is_second else ""
    yield f"  {mark}- {{to: {to}, keys: {{{keys}}}, cardinality: {kind}}}"


def _examples(names: Names) -> Iterator[str]:
    for name in names.values():
        noun = label(name).lower() if singular(name) else f"rows of {label(name).lower()}"
        yield f"- question: {_text(f'How many {noun} are there?')}"
        yield f"  query: {{measures: [{name}.count]}}"


def _list(items: Sequence[str]) -> str:
    return f"[{', '.join(_text(item) for item in items)}]"


_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*( [A-Za-z0-9_]+)*")
_NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def _text(text: str) -> str:
    """The text as one YAML scalar, quoted unless every reader takes it as text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN:
        return text
    return json.dumps(text, ensure_ascii=False)
