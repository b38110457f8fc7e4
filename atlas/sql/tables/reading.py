"""Resolution by tables: every source in FROM is a WITH name in scope or a listed table."""

from dataclasses import dataclass, field

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.letters import lower
from atlas.sql.tables.columns import check_column, note_columns
from atlas.sql.tables.paths import seen_from
from atlas.sql.tables.refusals import is_system, no_table, system, unknown
from atlas.sql.tables.scope import Level, Place
from atlas.sql.types import Catalog, Table

Names = tuple[str, ...]
Visit = tuple[exp.Expr, Place]


@dataclass
class Reading:
    """State of one resolution."""

    catalog: Catalog
    rules: DialectRules
    tables_read: set[str] = field(default_factory=set)
    columns_read: set[str] = field(default_factory=set)
    found: list[tuple[exp.Expr, Table]] = field(default_factory=list)
    _index: dict[Names, Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in self.catalog.tables:
            parts = (*(table.schema.split(".") if table.schema else ()), table.name)
            self._index[self._key(parts)] = table

    def _key(self, parts: Names) -> Names:
        return tuple(map(lower, parts)) if self.caseless_tables else parts

    @property
    def caseless_tables(self) -> bool:
        """Whether table names are compared without case."""
        traits = self.rules.traits
        return traits.case == "caseless" and not traits.exact_tables

    def find(self, parts: list[exp.Expr]) -> Table | None:
        """The listed table these identifiers name, as the engine reads them."""
        traits = self.rules.traits
        names = tuple(p.this if traits.exact_tables else self.rules.fold(p) for p in parts)
        if len(names) == 1 and self.catalog.default_schema:
            inside = (*self.catalog.default_schema.split("."), *names)
            found = self._index.get(self._key(inside))
            if found is not None:
                return found
        return self._index.get(self._key(names))


def resolve_tables(tree: exp.Expr, reading: Reading) -> None:
    """Look at every node with the names it sees; `reading.found` then holds every table read."""
    stack: list[Visit] = [(tree, Place(frozenset(), Level()))]
    columns: list[tuple[exp.Column, Place]] = []
    while stack:
        node, place = stack.pop()
        if node.args.get("with_") is not None:
            place = _with(reading, node, place, stack)
        if isinstance(node, exp.Select | exp.Pivot):
            place = Place(place.ctes, Level(place.level, open=isinstance(node, exp.Pivot)))
        if isinstance(node, exp.Column):
            columns.append((node, place))
        else:
            _visit(reading, node, place)
        stack.extend(_below(node, place))
    for column, place in columns:
        check_column(reading, column, place.level)


def _visit(reading: Reading, node: exp.Expr, place: Place) -> None:
    if isinstance(node, exp.Select):
        note_columns(node, place, reading)
    elif isinstance(node, exp.Table):
        _table(reading, node, place)
    elif isinstance(node, exp.TableFromRows) and not isinstance(node.this, exp.Anonymous):
        raise no_table(node)
    elif isinstance(node, exp.In):
        _in(reading, node, place)
    elif isinstance(node, exp.Lambda | exp.Comprehension):
        place.level.names.update(_own_names(node, reading.rules))


def _below(node: exp.Expr, place: Place) -> list[Visit]:
    tail = Place(place.ctes, Level(place.level, open=True))
    slots = _TAILS.get(type(node), _TAIL)
    return [(child, tail if slot in slots else place) for slot, child in _children(node)]


def _own_names(node: exp.Expr, rules: DialectRules) -> set[str]:
    """The words that a lambda or a list comprehension introduces."""
    words = node.expressions if isinstance(node, exp.Lambda) else [node.args.get("expression")]
    words = [*words, node.args.get("position")]
    found = [word.this if isinstance(word, exp.Column) else word for word in words]
    return {rules.fold(word) for word in found if isinstance(word, exp.Identifier)}


# What orders and cuts the result of a set operation sees the result's columns.
_TAIL = frozenset({"order", "limit", "offset"})
_TAILS: dict[type[exp.Expr], frozenset[str]] = {
    exp.Select: frozenset(),
    # BY NAME ON (...) names columns of the result.
    **dict.fromkeys((exp.Union, exp.Except, exp.Intersect), _TAIL | {"on"}),
}


def _children(node: exp.Expr) -> list[tuple[str, exp.Expr]]:
    out: list[tuple[str, exp.Expr]] = []
    for slot, value in node.args.items():
        if slot == "with_" or not value:
            continue
        if isinstance(value, exp.Expr):
            out.append((slot, value))
        elif isinstance(value, list):
            out += [(slot, child) for child in value if isinstance(child, exp.Expr)]
    return out


def _with(reading: Reading, node: exp.Expr, place: Place, stack: list[Visit]) -> Place:
    """The names behind a WITH; each body sees those before it, and itself where it recurses."""
    clause = node.args["with_"]
    ctes = place.ctes
    for cte in clause.expressions:
        alias = cte.args["alias"].this
        if cte.args.get("scalar"):
            # ClickHouse's WITH expression AS name: no relation, but a word for columns.
            stack.append((cte.this, Place(ctes, Level(place.level, open=True))))
            place.level.names.add(reading.rules.fold(alias))
            continue
        name = _cte_name(reading, alias)
        said = bool(clause.args.get("recursive")) or reading.rules.traits.always_recursive
        recursive = said and isinstance(cte.this, exp.SetOperation)
        _body(cte.this, Place(ctes, place.level), name if recursive else None, stack)
        ctes = ctes | {name}
    return Place(ctes, place.level)


def _cte_name(reading: Reading, identifier: exp.Expr) -> str:
    name = reading.rules.fold(identifier)
    if is_system(name, reading.rules):
        raise system(name, identifier)
    if reading.rules.traits.aliases_keep_case:
        identifier.set("this", name)
    return name


def _body(body: exp.Expr, place: Place, name: str | None, stack: list[Visit]) -> None:
    """In a recursive body every branch but the first may read the name itself."""
    if name is None:
        stack.append((body, place))
        return
    inner = Place(place.ctes | {name}, place.level)
    branch = body
    while isinstance(branch, exp.SetOperation) and branch.args.get("with_") is None:
        stack.append((branch.expression, inner))
        for slot, value in branch.args.items():
            if slot not in ("this", "expression") and isinstance(value, exp.Expr):
                stack.append((value, inner))
        branch = branch.this
    stack.append((branch, place))


def _table(reading: Reading, node: exp.Table, place: Place) -> None:
    if isinstance(node.this, exp.Anonymous | exp.JSONTable):
        # A call, which the functions stage has looked at.
        return
    parts = [p for p in (node.args.get("catalog"), node.args.get("db"), node.this) if p is not None]
    if not parts or not all(isinstance(part, exp.Identifier) for part in parts):
        raise no_table(node)
    name = _folded(reading, node.this)
    if len(parts) == 1 and name in place.ctes:
        _same_case(reading, node.this)
        return
    select = node.parent_select
    if select is not None and _is_dual(reading, node, parts, select):
        select.set("from_", None)
        return
    if _is_path(reading, node, parts):
        _unnest(node, parts)
        return
    table = reading.find(parts)
    if table is None:
        raise unknown(reading.catalog, reading.rules, node, parts, place.ctes)
    _read(reading, node, table)


def _is_path(reading: Reading, node: exp.Table, parts: list[exp.Expr]) -> bool:
    """Whether it is an array of a source beside it or around it."""
    if len(parts) == 1 or not reading.rules.traits.array_paths:
        return False
    return reading.rules.fold(parts[0]) in seen_from(node, reading.rules)


def _is_dual(reading: Reading, node: exp.Table, parts: list[exp.Expr], select: exp.Expr) -> bool:
    """DUAL, where the engine has it, stands alone behind FROM and reads nothing."""
    names = reading.rules.traits.empty_relations
    if len(parts) > 1 or lower(parts[0].this) not in names or parts[0].args.get("quoted"):
        return False
    alone = not any(node.args.get(slot) for slot in ("alias", "joins", "pivots", "sample"))
    return alone and not select.args.get("joins")


def _unnest(node: exp.Table, parts: list[exp.Expr]) -> None:
    """BigQuery's `FROM t, t.items`, written so that it cannot be taken for a table."""
    path: exp.Expr = exp.Column(this=parts[1], table=parts[0])
    for part in parts[2:]:
        path = exp.Dot(this=path, expression=part)
    alias = node.args.get("alias") or exp.TableAlias(this=parts[-1].copy())
    if alias.this is not None and not alias.args.get("columns"):
        alias = exp.TableAlias(columns=[alias.this])
    node.replace(exp.Unnest(expressions=[path], alias=alias))


def _folded(reading: Reading, identifier: exp.Expr) -> str:
    return reading.rules.fold(identifier)


def _same_case(reading: Reading, identifier: exp.Expr) -> None:
    """MySQL may compare these names with case, so all of them are written alike."""
    if reading.rules.traits.aliases_keep_case:
        identifier.set("this", reading.rules.fold(identifier))


def _read(reading: Reading, node: exp.Table, table: Table) -> None:
    reading.tables_read.add(table.full_name)
    traits = reading.rules.traits
    if traits.case == "caseless" and node.this.this != table.name:
        if node.args.get("alias") is None:
            alias = exp.Identifier(this=node.this.this, quoted=node.this.args.get("quoted"))
            node.set("alias", exp.TableAlias(this=alias))
        node.this.set("this", table.name)
    if table.schema and node.args.get("db") is None:
        parts = [exp.Identifier(this=p, quoted=reading.rules.must_quote(p))
                 for p in table.schema.split(".")]  # fmt: skip
        node.set("db", parts[-1])
        node.set("catalog", parts[0] if len(parts) > 1 else None)
    reading.found.append((node, table))


def _in(reading: Reading, node: exp.In, place: Place) -> None:
    """`x IN name` reads a whole table in some engines."""
    field_ = node.args.get("field")
    traits = reading.rules.traits
    if traits.in_list_names_table and len(node.expressions) == 1:
        field_ = field_ or node.expressions[0]
    if traits.affinities and isinstance(field_, exp.Literal):
        # SQLite takes a text in this place for the name of a table.
        raise no_table(field_)
    if not traits.in_names_table or not isinstance(field_, exp.Column):
        return
    parts = [p for p in (field_.args.get("db"), field_.args.get("table"), field_.this) if p]
    if not all(isinstance(part, exp.Identifier) for part in parts):
        return
    if len(parts) == 1 and _folded(reading, parts[0]) in place.ctes:
        place.level.names.add(_folded(reading, parts[0]))
        return
    table = reading.find(parts)
    if table is None or table.columns is not None:
        raise unknown(reading.catalog, reading.rules, field_, parts, place.ctes)
    place.level.names.add(_folded(reading, parts[0]))
    place.level.open = True
    reading.tables_read.add(table.full_name)
    reading.found.append((field_, table))
