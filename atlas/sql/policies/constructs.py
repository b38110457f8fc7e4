"""Constructs of a query that lineage has to tell apart."""

from sqlglot import exp

from atlas.sql.dialects.words import words
from atlas.sql.refusal import RefusalError, offset_of

# Calls that make rows, so that their number would tell the value.
_ROW_MAKERS = (
    "_elements",
    "_elements_text",
    "_to_table",
    "_keys",
    "_each",
    "_each_text",
    "_matches",
)
_PLACES = (exp.Ordered, exp.Group, exp.Tuple, exp.Rollup, exp.Cube, exp.GroupingSets, exp.Distinct)
# What makes one value of many rows in SQLite.
_GATHERING = words(
    "avg count group_concat json_group_array json_group_object jsonb_group_array"
    " jsonb_group_object max median min string_agg sum total"
)
# Nodes in which a bare word is a name and not a value.
_NAMING = (
    exp.Alias,
    exp.Dot,
    exp.Kwarg,
    exp.Lambda,
    exp.PropertyEQ,
    exp.Table,
    exp.TableAlias,
    exp.Window,
)
_ROW_WORDS = frozenset({"generate_series", "unnest", "explode", "arrayjoin", "flatten"})


def parts_of(node: exp.Expr) -> list[exp.Expr]:
    """The expressions directly below a node; names, types and the star of count(*) are none."""
    out: list[exp.Expr] = []
    skipped: list[type[exp.Expr]] = [exp.DataType]
    # Before a method of DuckDB the parser leaves bare words where columns stand elsewhere.
    skipped += [exp.Identifier] if isinstance(node, _NAMING) else []
    skipped += [exp.Star] if is_called(node, "count") else []
    for value in node.args.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, exp.Expr) and not isinstance(part, tuple(skipped)):
                out.append(part)
    return out


def tells_only_how_many(node: exp.Expr) -> bool:
    """COUNT and IS NULL of a column as it is tell nothing of its values."""
    if isinstance(node, exp.Is):
        return isinstance(node.expression, exp.Null)
    return is_called(node, "count")


def is_called(node: exp.Expr, name: str) -> bool:
    """Whether the node is a call of this function."""
    if name == "columns" and isinstance(node, exp.Columns):
        return True
    return isinstance(node, exp.Anonymous) and str(node.this).lower() == name


def makes_rows(node: exp.Expr) -> bool:
    """Whether it is a call that yields several rows."""
    if isinstance(node, exp.Unnest | exp.Explode | exp.GenerateSeries | exp.UDTF):
        return True
    name = str(node.this).lower() if isinstance(node, exp.Anonymous) else ""
    return name in _ROW_WORDS or name.endswith(_ROW_MAKERS)


def is_named_in(node: exp.Expr) -> bool:
    """Whether it is a word behind IN by itself, where some engines read a whole relation."""
    parent = node.parent
    if not isinstance(node, exp.Column) or not isinstance(parent, exp.In) or node is parent.this:
        return False
    return parent.args.get("field") is node or len(parent.expressions) == 1


def words_of(node: exp.Expr) -> list[str]:
    """The names that `row.column.call()` begins with, as DuckDB calls a function of a column."""
    words: list[str] = []
    while isinstance(node, exp.Dot):
        named = isinstance(node.expression, exp.Identifier)
        words = [node.expression.name, *words] if named else []
        node = node.this
    node = node.unnest()
    return [node.name, *words] if isinstance(node, exp.Identifier) else []


def extremes_beside_columns(select: exp.Select) -> list[exp.Expr]:
    """Calls of min and max beside columns that nothing groups: SQLite takes these from that row."""
    group = select.args.get("group")
    grouped = {column.name.lower() for column in group.find_all(exp.Column)} if group else set()
    calls = [call for p in select.expressions for call in p.find_all(exp.Anonymous)]
    inside = {id(c) for call in calls if _name(call) in _GATHERING for c in call.walk()}
    bare = [
        part
        for projection in select.expressions
        for part in projection.find_all(exp.Column, exp.Star)
        if id(part) not in inside and part.name.lower() not in grouped
    ]
    return [call for call in calls if bare and _name(call) in ("min", "max")]


def _name(call: exp.Expr) -> str:
    return str(call.this).lower()


def sorting_of(node: exp.Expr) -> list[exp.Expr]:
    """What a window sorts by: engines leave the rows themselves in that order."""
    if not isinstance(node, exp.Window):
        return []
    order = node.args.get("order")
    return [*(node.args.get("partition_by") or ()), *([order] if order is not None else [])]


def is_by_all(clause: exp.Expr) -> bool:
    """Whether it is GROUP BY ALL or ORDER BY ALL, which name no result."""
    if clause.args.get("all"):
        return True
    words = [item.this for item in clause.expressions if isinstance(item, exp.Ordered)]
    return any(isinstance(w, exp.Var | exp.Column) and w.name.upper() == "ALL" for w in words)


def places_of(clause: exp.Expr) -> list[int]:
    """The results that GROUP BY 1 or ORDER BY 1 call by their place, counted from 0."""
    return [
        int(literal.name) - 1
        for literal in clause.find_all(exp.Literal)
        if isinstance(literal.parent, _PLACES) and literal.name.isdigit() and not literal.is_string
    ]


def is_join_tree(node: exp.Expr) -> bool:
    """Whether what stands in parentheses in FROM are tables joined, and not one query."""
    while isinstance(node, exp.Subquery):
        if node.args.get("joins") or node.args.get("alias"):
            return True
        node = node.this
    return not isinstance(node, exp.Query | exp.Values)


def is_star(projection: exp.Expr) -> bool:
    """Whether it stands for several columns."""
    if isinstance(projection, exp.Column):
        return isinstance(projection.this, exp.Star)
    return isinstance(projection, exp.Star | exp.Apply)


def unclear(node: exp.Expr) -> RefusalError:
    """The refusal of what cannot be followed."""
    return RefusalError(
        "masked_unclear",
        "The query reads a masked column in a way that cannot be followed; write it in a simpler"
        " way.",
        offending=node.sql()[:80],
        offset=offset_of(node),
    )
