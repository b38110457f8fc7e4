"""What resolving one query carries along: catalog, rules, and what was read so far."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.resolution.scopes import Scope, Shape
from atlas.sql.types import Catalog, Table


@dataclass
class Context:
    """State of one resolution; `resolve_query` closes the circle between queries and sources.

    `resolved` holds the identity of every table and column node that was looked at, `found` the
    nodes that name a listed table.
    """

    catalog: Catalog
    rules: DialectRules
    resolve_query: Callable[["Context", exp.Expr, Scope], Shape]
    tables_read: set[str] = field(default_factory=set)
    columns_read: set[str] = field(default_factory=set)
    resolved: set[int] = field(default_factory=set)
    found: list[tuple[exp.Expr, Table]] = field(default_factory=list)
    _index: dict[tuple[str | None, str], Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._index = {(t.schema, t.name): t for t in self.catalog.tables}

    def find_table(self, schema: str | None, name: str) -> Table | None:
        """The listed table, unqualified names being looked up in the default schema first."""
        if schema is not None:
            return self._index.get((schema, name))
        return self._index.get((self.catalog.default_schema, name)) or self._index.get((None, name))

    def note_column(self, table: Table, column: str) -> None:
        """Remember that the query reads this column."""
        self.columns_read.add(f"{table.name}.{column}")

    def identifier(self, name: str) -> exp.Identifier:
        """A name as it must be printed to mean itself."""
        return exp.Identifier(this=name, quoted=self.rules.must_quote(name))
