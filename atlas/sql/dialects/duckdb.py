"""What a DuckDB query may be made of (data only)."""

from types import MappingProxyType

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

from atlas.sql.dialects.common import (
    KEYWORD_CALLS,
    QUOTED_WORDS,
    TYPES,
    slots,
    translated_names,
    with_nodes,
)
from atlas.sql.dialects.duckdb_functions import FUNCTIONS
from atlas.sql.dialects.printing import behind, infix, prefix, within_group
from atlas.sql.dialects.rules import DialectRules, Traits
from atlas.sql.dialects.words import words

DIALECT = DuckDB()

_BINARY = words("this expression")

NODES = with_nodes(
    {
        exp.Pivot: words(
            "this alias expressions fields unpivot using group columns include_nulls"
            " default_on_null into with_ pivot_column_naming"
        ),
        exp.PivotAlias: words("this alias"),
        exp.PivotAny: words("this"),
        exp.UnpivotColumns: words("this expressions"),
        exp.Columns: words("this unpack"),
        exp.Lambda: words("this expressions"),
        exp.Comprehension: words("this expression position iterator condition"),
        exp.Struct: words("expressions"),
        exp.PropertyEQ: words("this expression"),
        exp.Map: words("keys values"),
        exp.ToMap: words("this"),
        exp.Kwarg: _BINARY,
        exp.Interval: slots(exp.Interval, "fraction_in_string"),
        exp.ILike: words("this expression negate"),
        exp.SimilarTo: _BINARY,
        exp.Glob: _BINARY,
        exp.CTE: slots(exp.CTE, "key_expressions"),
        exp.In: slots(exp.In, "field"),
        exp.RegexpLike: words("this expression flag full_match"),
        exp.RegexpFullMatch: words("this expression options"),
        exp.Pow: _BINARY,
        exp.Abs: words("this"),
        exp.Factorial: words("this"),
        exp.ArrayContainsAll: _BINARY,
        exp.ArrayContainedBy: _BINARY,
        exp.ArrayOverlaps: words("this expression null_safe"),
        exp.StartsWith: _BINARY,
        exp.JSONExtract: words("this expression only_json_types  requires_json"),
        exp.JSONExtractScalar: words("this expression only_json_types scalar_only json_type"),
        exp.AtTimeZone: words("this zone"),
        exp.Star: words("except_ replace rename ilike"),
        exp.Table: slots(exp.Table, "when version catalog"),
        exp.ColumnDef: words("this kind"),
        exp.Aliases: words("this expressions"),
        exp.HavingMax: words("this expression max"),
        exp.Ordered: words("this desc nulls_first"),
        exp.TableFromRows: words("this alias joins pivots sample"),
    }
)

SYSTEM_RELATIONS = words("information_schema pg_ sqlite_ duckdb_ pragma_ system")

SESSION_WORDS = words("current_catalog current_role current_schema current_user session_user user")

SIZE_BOUNDS = MappingProxyType(
    {
        "repeat": (1, 10_000),
        "lpad": (1, 10_000),
        "rpad": (1, 10_000),
        "factorial": (0, 1_000),
        "bar": (3, 1_000),
        "list_resize": (1, 1_000_000),
        "array_resize": (1, 1_000_000),
        "bitstring": (1, 10_000),
    }
)

RULES = DialectRules(
    name="duckdb",
    title="DuckDB",
    dialect=DIALECT,
    translated_names=translated_names(DIALECT),
    nodes=MappingProxyType(NODES),
    functions=FUNCTIONS,
    types=TYPES,
    named_types=words("hugeint uhugeint varint bignum"),
    quoted_words=QUOTED_WORDS,
    system_columns=frozenset(),
    session_words=SESSION_WORDS,
    size_bounds=SIZE_BOUNDS,
    function_columns=MappingProxyType({}),
    max_name_bytes=256,
    traits=Traits(
        exact_columns=False,
        case="caseless",
        first_words=words("SELECT WITH VALUES TABLE FROM PIVOT UNPIVOT ("),
        keyword_calls=KEYWORD_CALLS,
        table_functions=words(
            "range generate_series unnest repeat repeat_row json_each json_tree"
            " generate_subscripts regexp_split_to_table"
        ),
        templates=words("format printf"),
        system_relations=SYSTEM_RELATIONS,
        printed={
            exp.Like: infix("LIKE"),
            exp.ILike: infix("ILIKE"),
            exp.RegexpLike: infix("~"),
            exp.StartsWith: infix("^@"),
            exp.BitwiseNot: prefix("~"),
            exp.Neg: prefix("-"),
            exp.IgnoreNulls: behind("IGNORE NULLS"),
            exp.RespectNulls: behind("RESPECT NULLS"),
            exp.WithinGroup: within_group,
        },
        escape_texts=True,
        underscores=True,
        method_calls=True,
        pivot_statements=True,
        json_arrows=True,
        lambda_calls=words(
            "apply array_apply array_filter array_reduce array_transform columns filter list_apply"
            " list_filter list_reduce list_transform reduce"
        ),
    ),
)
