"""Tables that a person names on a command line, as the engine stores their names."""

from dataclasses import dataclass, replace
from functools import lru_cache

from sqlglot import exp

from atlas.sql.dialects import rules_for
from atlas.sql.dialects.rules import DialectRules
from atlas.sql.types import Catalog, Table, ValidatedQuery

_QUOTES = "\"'`"


@dataclass(frozen=True)
class ListedTables:
    """A catalog of open tables, and how its names were written."""

    catalog: Catalog
    spellings: dict[str, str]

    def as_named(self, query: ValidatedQuery) -> ValidatedQuery:
        """The query with its tables called as the person called them."""
        names = (self.spellings.get(name, name) for name in query.tables)
        return replace(query, tables=tuple(sorted(names)))


@lru_cache(maxsize=64)
def listed_tables(names: tuple[str, ...], dialect: str) -> ListedTables:
    """The tables with every column open; raises RefusalError for an unknown dialect.

    `events` and `analytics.events` are two tables. A name is folded as the engine folds a bare
    name, unless it is quoted.
    """
    rules = rules_for(dialect)
    tables: list[Table] = []
    spellings: dict[str, str] = {}
    for name in (name.strip() for name in names):
        if not name:
            continue
        table = _table(name, rules)
        tables.append(table)
        spellings[table.full_name] = name
    return ListedTables(Catalog(tuple(tables)), spellings)


def _table(name: str, rules: DialectRules) -> Table:
    *schema, last = (_stored(part, rules) for part in name.split("."))
    return Table(".".join(schema) or None, last, None)


def _stored(part: str, rules: DialectRules) -> str:
    part = part.strip()
    quoted = len(part) > 1 and part[0] in _QUOTES and part[-1] == part[0]
    text = part[1:-1] if quoted else part
    return rules.fold(exp.Identifier(this=text, quoted=quoted))
