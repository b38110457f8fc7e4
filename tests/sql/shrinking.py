"""Makes a failing query smaller while it still fails."""

from collections.abc import Callable, Iterator

from sqlglot import exp, parse_one

ATTEMPTS = 400
_DROPPABLE = ("where", "having", "order", "limit", "offset", "distinct", "group", "sample", "with_")


def shrink(sql: str, fails: Callable[[str], bool]) -> str:
    """The smallest text found that still fails; every step keeps the failure."""
    attempts = 0
    smaller = True
    while smaller:
        smaller = False
        for candidate in _candidates(sql):
            attempts += 1
            if attempts > ATTEMPTS:
                return sql
            if len(candidate) < len(sql) and fails(candidate):
                sql, smaller = candidate, True
                break
    return sql


def _candidates(sql: str) -> Iterator[str]:
    total = sum(1 for _ in parse_one(sql, read="postgres").walk())
    for at in range(total):
        for change in _CHANGES:
            tree = parse_one(sql, read="postgres")
            node = next(one for index, one in enumerate(tree.walk()) if index == at)
            changed = change(tree, node)
            if changed is not None:
                yield changed.sql(dialect="postgres")


def _only_this(tree: exp.Expr, node: exp.Expr) -> exp.Expr | None:
    """The whole query is one of its parts."""
    return node if node is not tree and isinstance(node, exp.Query) else None


def _drop_clause(tree: exp.Expr, node: exp.Expr) -> exp.Expr | None:
    found = next((slot for slot in _DROPPABLE if node.args.get(slot)), None)
    if found is None:
        return None
    node.set(found, None)
    return tree


def _drop_last(tree: exp.Expr, node: exp.Expr) -> exp.Expr | None:
    for slot in ("joins", "expressions"):
        if isinstance(node, exp.Select) and len(node.args.get(slot) or ()) > (slot != "joins"):
            node.args[slot].pop()
            return tree
    return None


def _drop_first(tree: exp.Expr, node: exp.Expr) -> exp.Expr | None:
    if isinstance(node, exp.Select) and len(node.expressions) > 1:
        node.args["expressions"].pop(0)
        return tree
    return None


def _one_side(tree: exp.Expr, node: exp.Expr) -> exp.Expr | None:
    if isinstance(node, exp.Connector | exp.Paren | exp.Not | exp.SetOperation) and node.parent:
        node.replace(node.this)
        return tree
    return None


def _other_side(tree: exp.Expr, node: exp.Expr) -> exp.Expr | None:
    if isinstance(node, exp.Connector | exp.SetOperation) and node.parent:
        node.replace(node.expression)
        return tree
    return None


def _simple(tree: exp.Expr, node: exp.Expr) -> exp.Expr | None:
    if isinstance(node, exp.Predicate | exp.Exists | exp.Not) and node.parent:
        node.replace(exp.true())
        return tree
    return None


_CHANGES = (_only_this, _drop_clause, _drop_last, _drop_first, _one_side, _other_side, _simple)
