"""BigQuery's `FROM t, t.items`: which names a path behind FROM may begin with."""

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules


def seen_from(source: exp.Expr, rules: DialectRules) -> set[str]:
    """The sources that stand before this one, and those of queries around it.

    A query in FROM does not see what stands beside it.
    """
    names: set[str] = set()
    below, beside = source, True
    while below.parent is not None:
        above = below.parent
        if isinstance(above, exp.Select):
            sources = _sources(above)
            if below.arg_key in ("from_", "joins"):
                sources = _before(sources, source) if beside else []
            names |= _names(sources if below.arg_key != "with_" else [], rules)
            beside = False
        below = above
    return names


def _sources(select: exp.Select) -> list[exp.Expr]:
    """What stands behind FROM from left to right, with the parts of a join in brackets."""
    first = select.args.get("from_")
    waiting = [first.this] if first is not None else []
    waiting += [join.this for join in select.args.get("joins") or ()]
    out: list[exp.Expr] = []
    while waiting:
        node = waiting.pop(0)
        out.append(node)
        inner = [join.this for join in node.args.get("joins") or ()]
        if isinstance(node, exp.Subquery) and not isinstance(node.this, exp.Query):
            inner.insert(0, node.this)
        waiting = inner + waiting
    return out


def _before(sources: list[exp.Expr], last: exp.Expr) -> list[exp.Expr]:
    places = [at for at, node in enumerate(sources) if node is last]
    return sources[: places[0]] if places else []


def _names(sources: list[exp.Expr], rules: DialectRules) -> set[str]:
    found: set[str] = set()
    for node in sources:
        alias = node.args.get("alias")
        named = alias.this if isinstance(alias, exp.TableAlias) else None
        if isinstance(alias, exp.TableAlias) and isinstance(node, exp.Unnest):
            named = next(iter(alias.args.get("columns") or ()), named)
        if named is None and isinstance(node, exp.Table):
            named = node.this
        if isinstance(named, exp.Identifier):
            found.add(rules.fold(named))
    return found
