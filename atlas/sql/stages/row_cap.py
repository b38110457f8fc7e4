"""Row cap: the query yields at most one row more than allowed, by its own structure."""

from sqlglot import exp

from atlas.sql.stages.bounds import constant

_WRAPPED = "capped"


def cap_rows(tree: exp.Expr, max_rows: int) -> exp.Expr:
    """The query with LIMIT at most `max_rows` + 1, wrapped when its own limit is not a number."""
    most = max_rows + 1
    limit = tree.args.get("limit")
    if isinstance(tree, exp.Subquery | exp.Values):
        return _wrap(tree, most)
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
        if options is not None and options.args.get("with_ties"):
            return None
        count = limit.args.get("count") or exp.Literal.number(1)
    else:
        count = limit.args["expression"]
    value = constant(count) if isinstance(count, exp.Literal) else None
    return int(value) if value is not None and value.is_integer() and value >= 0 else None


def _set(tree: exp.Expr, rows: int) -> exp.Expr:
    tree.set("limit", exp.Limit(expression=exp.Literal.number(rows)))
    return tree


def _wrap(tree: exp.Expr, rows: int) -> exp.Expr:
    inner = tree if isinstance(tree, exp.Subquery | exp.Values) else exp.Subquery(this=tree)
    inner.set("alias", exp.TableAlias(this=exp.Identifier(this=_WRAPPED, quoted=False)))
    outer = exp.Select(expressions=[exp.Star()])
    outer.set("from_", exp.From(this=inner))
    return _set(outer, rows)
