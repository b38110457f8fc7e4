"""Wrapping: each stored table with a filter is read through a SELECT of the rows it lets pass."""

from typing import NoReturn

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.policies.claims import Value
from atlas.sql.policies.rows import Filters, RowFilter, Test
from atlas.sql.refusal import RefusalError, offset_of
from atlas.sql.tables.hiding import filter_behind
from atlas.sql.types import Table

Found = list[tuple[exp.Expr, Table]]

# What stays with the name outside; everything else belongs to the stored table.
_OUTER = ("alias", "joins", "pivots")
# More rows than any table has. A planner moves no test of the query below a LIMIT, where it would
# run on hidden rows, and could fail on them.
_ALL_ROWS = 2**63 - 1
_LIMITED = frozenset({"mysql", "mariadb", "duckdb", "sqlite", "clickhouse"})
# Here a text is compared with a number by reading the text as one, so that 'x' equals 0.
_LOOSE = frozenset({"mysql", "mariadb"})


def wrap_tables(tree: exp.Expr, found: Found, filters: Filters, rules: DialectRules) -> None:
    """Put the filtered SELECT in the place of each protected table; nothing else changes.

    Raises RefusalError where a table is read in a place that cannot hold one.
    """
    protected = [(node, table) for node, table in found if table.full_name in filters.by_table]
    _drop_schemas(tree, protected)
    inner = {id(_wrap(node, table, filters, rules)) for node, table in protected}
    _check_all(tree, protected, inner)


def _wrap(node: exp.Expr, table: Table, filters: Filters, rules: DialectRules) -> exp.Expr:
    if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
        _refuse(node, table)
    slots = {slot: value for slot, value in node.args.items() if value and slot not in _OUTER}
    inner = exp.Table(**slots)
    select = exp.Select(
        expressions=_columns(table, inner, rules),
        from_=exp.From(this=inner),
        where=exp.Where(this=_condition(filters.by_table[table.full_name], inner, rules)),
    )
    _fence(select, rules)
    outer = exp.Subquery(this=select)
    for slot in _OUTER:
        if node.args.get(slot):
            outer.set(slot, node.args[slot])
    if outer.args.get("alias") is None:
        outer.set("alias", exp.TableAlias(this=inner.this.copy()))
    target: exp.Expr = node
    if isinstance(node.parent, exp.Final):
        target = node.parent
        select.set("from_", exp.From(this=exp.Final(this=inner)))
    if not isinstance(target.parent, exp.From | exp.Join | exp.Subquery):
        _refuse(node, table)
    filter_behind(target)
    target.replace(outer)
    return inner


def _fence(select: exp.Select, rules: DialectRules) -> None:
    """Keep the query's own tests from being moved below the filter."""
    if rules.name == "postgres":
        select.set("offset", exp.Offset(expression=exp.Literal.number(0)))
    elif rules.name in _LIMITED:
        select.set("limit", exp.Limit(expression=exp.Literal.number(_ALL_ROWS)))


def _columns(table: Table, inner: exp.Table, rules: DialectRules) -> list[exp.Expr]:
    if table.columns is None:
        return [exp.Star()]
    listed = table.columns if isinstance(table.columns, tuple) else sorted(table.columns)
    return [_column(name, inner, rules) for name in listed] or [exp.Null()]


def _column(name: str, inner: exp.Table, rules: DialectRules) -> exp.Column:
    """The table's own column, so that no enclosing query can lend another of that name."""
    identifier = exp.Identifier(this=name, quoted=rules.must_quote(name))
    return exp.Column(this=identifier, table=inner.this.copy())


def _condition(wanted: RowFilter, inner: exp.Table, rules: DialectRules) -> exp.Expr:
    groups: list[exp.Expr] = []
    for group in wanted.any_of:
        tests = [part for test in group for part in _tests(test, inner, rules)]
        joined = _chain(exp.And, tests)
        several = len(wanted.any_of) > 1 and len(tests) > 1
        groups.append(exp.Paren(this=joined) if several else joined)
    return _chain(exp.Or, groups)


def _chain(kind: type[exp.Connector], parts: list[exp.Expr]) -> exp.Expr:
    joined = parts[0]
    for part in parts[1:]:
        joined = kind(this=joined, expression=part)
    return joined


def _tests(test: Test, inner: exp.Table, rules: DialectRules) -> list[exp.Expr]:
    column = _column(test.column, inner, rules)
    values = [_literal(value) for value in test.values]
    tests = [_equals(column, values)]
    if rules.name in _LOOSE:
        as_text = exp.Cast(this=column.copy(), to=exp.DataType(this=exp.DType.CHAR))
        tests.append(_equals(as_text, [exp.Literal.string(_spelling(v)) for v in test.values]))
    return tests


def _equals(column: exp.Expr, values: list[exp.Expr]) -> exp.Expr:
    if len(values) == 1:
        return exp.EQ(this=column, expression=values[0])
    return exp.In(this=column, expressions=values)


def _literal(value: Value) -> exp.Expr:
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int):
        number = exp.Literal.number(abs(value))
        return exp.Neg(this=number) if value < 0 else number
    return exp.Literal.string(value)


def _spelling(value: Value) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _drop_schemas(tree: exp.Expr, protected: Found) -> None:
    """`shop.orders.id` names the stored table, which only the alias stands for now."""
    names = {table.name.lower(): table.full_name for _, table in protected}
    columns = [c for c in tree.find_all(exp.Column) if c.args.get("db") is not None]
    qualified = [c for c in columns if c.table.lower() in names]
    if not qualified:
        return
    meanings = _meanings(tree)
    for column in qualified:
        if len(meanings.get(column.table.lower(), ())) > 1:
            raise RefusalError(
                "ambiguous_column",
                f"The table {names[column.table.lower()]} is protected; give it an alias and write"
                f" that in front of {column.name}.",
                offending=column.name,
                offset=offset_of(column),
            )
        column.set("db", None)
        column.set("catalog", None)


def _meanings(tree: exp.Expr) -> dict[str, set[str]]:
    """What each name in FROM stands for somewhere in the query: full names, "" for others."""
    meanings: dict[str, set[str]] = {}
    for alias in tree.find_all(exp.TableAlias):
        meanings.setdefault(alias.name.lower(), set()).add("")
    for node in tree.find_all(exp.Table):
        if not node.args.get("alias"):
            full = f"{node.catalog}.{node.db}.{node.name}" if node.db else ""
            meanings.setdefault(_name(node), set()).add(full.lower())
    return meanings


def _name(table: exp.Table) -> str:
    return str(table.name).lower()


def _check_all(tree: exp.Expr, protected: Found, inner: set[int]) -> None:
    """No node names a protected table by itself any more, whatever the search for them missed."""
    names = {table.name.lower(): table for _, table in protected}
    ctes = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for node in tree.find_all(exp.Table):
        table = names.get(_name(node))
        if table is None or id(node) in inner:
            continue
        schema = node.args.get("db")
        if schema is None and _name(node) not in ctes:
            _refuse(node, table)
        if schema is not None and table.full_name.lower() == f"{schema.name}.{node.name}".lower():
            _refuse(node, table)


def _refuse(node: exp.Expr, table: Table) -> NoReturn:
    raise RefusalError(
        "policy_no_place",
        f"The table {table.full_name} is protected and cannot be read in this place; name it in"
        " FROM.",
        offending=table.full_name,
        offset=offset_of(node),
    )
