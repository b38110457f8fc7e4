"""Joins to propose: foreign keys, and columns named as the key of another table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from atlas.semantic.drafted_words import singular
from atlas.semantic.introspected import TableFacts

Key = tuple[str, str]
# As a key these are named alike in tables that have nothing to do with each other.
COMMON_KEYS = frozenset({"id", "uuid", "guid", "key", "code", "name", "number", "no", "year",
                         "month", "day", "date", "time", "position", "line"})  # fmt: skip


@dataclass(frozen=True)
class DraftedJoin:
    """A join to propose; `pairs` are own columns with the other table's."""

    to: Key
    pairs: tuple[tuple[str, str], ...]
    one_to_one: bool
    by_name: bool = False
    is_second: bool = False


def draft_joins(table: TableFacts, tables: Mapping[Key, TableFacts]) -> list[DraftedJoin]:
    """The joins of a table; only the first way to each other table can be walked."""
    reached = {(table.schema, table.name)}
    found = []
    for join in (*_declared(table, tables), *_by_name(table, tables)):
        if join.by_name and join.to in reached:
            continue
        is_second = join.to in reached
        reached.add(join.to)
        found.append(DraftedJoin(join.to, join.pairs, join.one_to_one, join.by_name, is_second))
    return found


def _declared(table: TableFacts, tables: Mapping[Key, TableFacts]) -> Iterator[DraftedJoin]:
    for key in table.foreign_keys:
        target = tables.get((key.schema, key.table))
        if target is None or set(key.target_columns) != set(target.primary_key):
            continue
        pairs = tuple(zip(key.columns, key.target_columns, strict=True))
        single = bool(table.primary_key) and set(key.columns) == set(table.primary_key)
        yield DraftedJoin((key.schema, key.table), pairs, single)


def _by_name(table: TableFacts, tables: Mapping[Key, TableFacts]) -> Iterator[DraftedJoin]:
    """Tables whose whole key is found here under the names that keys usually have."""
    for place, target in tables.items():
        pairs = _pairs(table, target)
        own = {here for here, _ in pairs}
        # Two tables with one key may be parts of one thing, or strangers: nobody can tell.
        if pairs and not (table.primary_key and own >= set(table.primary_key)):
            yield DraftedJoin(place, pairs, False, by_name=True)


def _pairs(table: TableFacts, target: TableFacts) -> tuple[tuple[str, str], ...]:
    """Own columns with the target's key: the same names, or "customer_id" for customers.id."""
    own = {column.name: column.type for column in table.columns}
    types = {column.name: column.type for column in target.columns}
    keys = target.primary_key
    if len(keys) == 1 and keys[0].lower() in COMMON_KEYS:
        one = singular(target.name.lower()) or target.name.lower()
        pairs = tuple((f"{one.replace(' ', '_')}_{key}", key) for key in keys)
    elif {key.lower() for key in keys} <= COMMON_KEYS:
        return ()
    else:
        pairs = tuple((key, key) for key in keys)
    fits = all(here in own and own[here] == types.get(there) for here, there in pairs)
    return pairs if fits else ()
