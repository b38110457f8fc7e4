"""Row cap: the query yields at most one row more than allowed, by its own structure."""

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.stages.constants import constant

_WRAPPED = "capped"


def cap_rows(tree: exp.Expr, max_rows: int, rules: DialectRules) -> exp.Expr:
    """The query with LIMIT at most `max_rows` + 1, wrapped when its own limit is not a number."""
    most = max_rows + 1
    if isinstance(tree, exp.Values):
        tree = _select_from(tree)
    if isinstance(tree, exp.Pivot):
        tree = _select_from(exp.Subquery(this=tree))
    if isinstance(tree, exp.SetOperation) and rules.traits.union_limit_is_last:
        # Here a LIMIT behind a set operation would belong to its last branch.
        return _set(_over(exp.Subquery(this=tree)), most)
    limit = tree.args.get("limit")
    if limit is None or _is_all(limit):
        return _set(tree, most)
    wanted = _wanted(limit)
    if wanted is None:
        return _wrap(tree, most)
    return _set(tree, min(wanted, most))


def _is_all(limit: exp.Expr) -> bool:
    count = limit.args.get("expression")
    return isinstance(count, exp.Null | exp.Var)


def _wanted(limit: exp.Expr) -> int | None:
    """How many rows the query asks for, None when that is not a plain number."""
    if isinstance(limit, exp.Fetch):
        options = limit.args.get("limit_options")
        if options is not None and (options.args.get("with_ties") or options.args.get("percent")):
            return None
        count = limit.args.get("count") or exp.Literal.number(1)
    elif limit.args.get("limit_options") or limit.args.get("expressions"):
        return None
    else:
        count = limit.args["expression"]
    value = constant(count) if isinstance(count, exp.Literal) else None
    return int(value) if value is not None and value.is_integer() and value >= 0 else None


def _set(tree: exp.Expr, rows: int) -> exp.Expr:
    tree.set("limit", exp.Limit(expression=exp.Literal.number(rows)))
    return tree


def _wrap(tree: exp.Expr, rows: int) -> exp.Expr:
    return _set(_select_from(exp.Subquery(this=tree)), rows)


def _select_from(inner: exp.Expr) -> exp.Expr:
    """SELECT * over the inner query, which gives its ORDER BY, LIMIT and OFFSET up."""
    outer = exp.Select(expressions=[exp.Star()])
    for slot in ("order", "limit", "offset"):
        if inner.args.get(slot):
            outer.set(slot, inner.args.pop(slot))
    return _over(inner, outer)


def _over(inner: exp.Expr, outer: exp.Select | None = None) -> exp.Expr:
    outer = outer or exp.Select(expressions=[exp.Star()])
    inner.set("alias", exp.TableAlias(this=exp.Identifier(this=_WRAPPED, quoted=False)))
    outer.set("from_", exp.From(this=inner))
    return outer
