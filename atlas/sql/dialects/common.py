"""What queries of every engine but PostgreSQL may be made of (data only)."""

from collections.abc import Iterable, Mapping

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from atlas.sql.dialects.words import words

_ANY: frozenset[str] | None = None
_BINARY = words("this expression")
_MODIFIERS = "with_ order limit offset"

Nodes = dict[type[exp.Expr], frozenset[str] | None]

NODES: Nodes = {
    # Queries
    exp.Select: words(
        "with_ expressions distinct from_ joins where group having windows qualify order limit"
        " offset pivots kind sample"
    ),
    exp.Union: words(f"this expression distinct by_name {_MODIFIERS}"),
    exp.Except: words(f"this expression distinct by_name {_MODIFIERS}"),
    exp.Intersect: words(f"this expression distinct by_name {_MODIFIERS}"),
    exp.Subquery: words(f"this alias joins pivots sample {_MODIFIERS}"),
    exp.With: words("expressions recursive"),
    exp.CTE: words("this alias materialized scalar"),
    exp.Values: words("expressions alias order limit offset"),
    # FROM
    exp.From: words("this"),
    exp.Table: words("this alias db joins pivots sample ordinality"),
    exp.TableAlias: words("this columns"),
    exp.Join: words("this on side kind using method global_"),
    exp.Lateral: words("this alias ordinality view cross_apply"),
    exp.Unnest: words("expressions alias offset"),
    exp.TableSample: _ANY,
    # Clauses
    exp.Where: words("this"),
    exp.Group: words("expressions grouping_sets cube rollup all totals"),
    exp.GroupingSets: words("expressions"),
    exp.Rollup: words("expressions"),
    exp.Cube: words("expressions"),
    exp.Having: words("this"),
    exp.Qualify: words("this"),
    exp.Order: words("this expressions siblings"),
    exp.Ordered: words("this desc nulls_first with_fill"),
    exp.Limit: words("this expression offset limit_options expressions"),
    exp.Offset: words("this expression expressions"),
    exp.Fetch: words("direction count limit_options"),
    exp.LimitOptions: words("rows with_ties percent"),
    exp.Distinct: words("expressions on"),
    exp.Window: words("this partition_by order spec alias over first"),
    exp.WindowSpec: words("kind start start_side end end_side exclude"),
    exp.Filter: _BINARY,
    exp.WithinGroup: _BINARY,
    exp.IgnoreNulls: words("this"),
    exp.RespectNulls: words("this"),
    # Names and literals
    exp.Column: words("this table db catalog"),
    exp.Identifier: words("this quoted"),
    exp.Alias: words("this alias"),
    exp.Star: words("except_ replace rename"),
    exp.Dot: _BINARY,
    exp.Literal: words("this is_string"),
    exp.National: words("this"),
    exp.BitString: words("this"),
    exp.HexString: words("this is_integer"),
    exp.Null: frozenset(),
    exp.Boolean: words("this"),
    exp.Var: words("this"),
    exp.Interval: words("this unit"),
    exp.IntervalSpan: _BINARY,
    exp.DataType: words("this expressions nested kind values nullable"),
    exp.DataTypeParam: words("this expression"),
    exp.Cast: words("this to format safe action"),
    exp.TryCast: words("this to format safe action requires_string"),
    exp.Paren: words("this"),
    exp.Tuple: words("expressions"),
    exp.Array: words("expressions bracket_notation"),
    exp.Bracket: words("this expressions offset safe returns_list_for_maps"),
    exp.Slice: words("this expression step"),
    exp.Collate: _BINARY,
    # Conditions
    exp.And: _BINARY,
    exp.Or: _BINARY,
    exp.Not: words("this"),
    exp.EQ: _BINARY,
    exp.NEQ: _BINARY,
    exp.GT: _BINARY,
    exp.GTE: _BINARY,
    exp.LT: _BINARY,
    exp.LTE: _BINARY,
    exp.NullSafeEQ: _BINARY,
    exp.NullSafeNEQ: _BINARY,
    exp.Is: words("this expression negate"),
    exp.In: words("this expressions query"),
    exp.Between: words("this low high symmetric"),
    exp.Like: words("this expression negate"),
    exp.Escape: _BINARY,
    exp.Exists: words("this"),
    exp.Any: words("this"),
    exp.All: words("this"),
    exp.Case: words("this ifs default"),
    exp.If: words("this true false"),
    # Operators
    exp.Add: _BINARY,
    exp.Sub: _BINARY,
    exp.Mul: _BINARY,
    exp.Div: words("this expression typed safe"),
    exp.IntDiv: _BINARY,
    exp.Mod: _BINARY,
    exp.Neg: words("this"),
    exp.DPipe: words("this expression safe"),
    exp.Concat: words("expressions safe coalesce"),
    exp.BitwiseAnd: _BINARY,
    exp.BitwiseOr: _BINARY,
    exp.BitwiseXor: _BINARY,
    exp.BitwiseNot: words("this"),
    exp.BitwiseLeftShift: words("this expression requires_int128"),
    exp.BitwiseRightShift: words("this expression requires_int128"),
    # Calls
    exp.Anonymous: words("this expressions"),
    exp.Extract: _BINARY,
    exp.Trim: words("this expression position collation"),
    exp.Substring: words("this start length zero_start"),
    exp.StrPosition: words("this substr position occurrence clamp_position"),
    exp.Overlay: words("this expression from_ for_"),
    exp.CurrentDate: words("this"),
    exp.CurrentTime: words("this"),
    exp.CurrentTimestamp: words("this sysdate"),
    exp.Localtime: words("this"),
    exp.Localtimestamp: words("this"),
}


def with_nodes(more: Mapping[type[exp.Expr], frozenset[str] | None]) -> Nodes:
    """The common nodes with a dialect's own; its slots take the place of the common ones."""
    return {**NODES, **more}


def slots(kind: type[exp.Expr], more: str) -> frozenset[str]:
    """The common slots of a node with some more."""
    return (NODES[kind] or frozenset()) | words(more)


# Words behind which the parser goes on by itself, whatever stands in brackets.
_NEVER_CALLS = words("ANY CASE VARIADIC @ CONNECT_BY_ROOT VALUES COLUMNS STRUCT")

# Calls with a grammar of their own when one of these words stands in their brackets.
KEYWORD_CALLS: dict[str, frozenset[str]] = {
    "CAST": words("AS"),
    "TRY_CAST": words("AS"),
    "SAFE_CAST": words("AS"),
    "EXTRACT": words("FROM"),
    "TRIM": words("FROM LEADING TRAILING BOTH"),
    "SUBSTRING": words("FROM FOR"),
    "SUBSTR": words("FROM FOR"),
    "POSITION": words("IN"),
    "OVERLAY": words("PLACING"),
    "JSON_OBJECT": words(":"),
}


def translated_names(dialect: Dialect, kept: Iterable[str] = ()) -> frozenset[str]:
    """Calls that the parser would turn into others, but for those that stay its own."""
    parser = dialect.parser_class
    names = (
        frozenset(parser.FUNCTIONS)
        | frozenset(parser.FUNCTION_PARSERS)
        | frozenset(parser.NO_PAREN_FUNCTION_PARSERS)
    )
    if "MAP" in parser.NO_PAREN_FUNCTION_PARSERS:
        names -= {"MAP"}
    return names - _NEVER_CALLS - frozenset(kept)


_NO_VALUES = words(
    """
    AGGREGATEFUNCTION SIMPLEAGGREGATEFUNCTION OBJECT_IDENTIFIER REGCLASS USERDEFINED
    UNKNOWN SET NULL DYNAMIC NOTHING HLLSKETCH
    """
)
TYPES = frozenset(kind for kind in exp.DType if kind.name not in _NO_VALUES)

QUOTED_WORDS = words(
    """
    all alter analyze and any array as asc asof between both by case cast check collate column
    create cross cube current current_date current_time current_timestamp current_user database
    default delete desc describe distinct div drop else end escape except exclude exists explain
    false fetch final for format from full function global grant group grouping groups having if
    ignore ilike in index inner insert intersect interval into is join key lateral leading left
    like limit lock match merge minus mod natural new no not null of offset on or order outer over
    partition pivot prewhere primary procedure qualify range rank recursive regexp replace right
    rlike row rows sample select semi set settings show some start struct system table tablesample
    then to trailing trigger true union unique unnest unpivot update use user using values when
    where window with within xor
    """
)
