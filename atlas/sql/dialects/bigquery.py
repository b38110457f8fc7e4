"""What a BigQuery query may be made of (data only)."""

from types import MappingProxyType

from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery

from atlas.sql.dialects.bigquery_functions import FUNCTIONS
from atlas.sql.dialects.common import (
    KEYWORD_CALLS,
    QUOTED_WORDS,
    TYPES,
    slots,
    translated_names,
    with_nodes,
)
from atlas.sql.dialects.printing import behind
from atlas.sql.dialects.rules import DialectRules, Traits
from atlas.sql.dialects.words import words

DIALECT = BigQuery()

_BINARY = words("this expression")

NODES = with_nodes(
    {
        exp.Table: slots(exp.Table, "catalog version"),
        exp.Version: words("this kind expression"),
        **{kind: slots(kind, "side kind on") for kind in (exp.Union, exp.Except, exp.Intersect)},
        exp.Pivot: words(
            "this alias expressions fields unpivot using group columns include_nulls"
            " default_on_null pivot_column_naming identify_pivot_strings"
            " prefixed_pivot_columns"
        ),
        exp.PivotAlias: words("this alias"),
        exp.UnpivotColumns: words("this expressions"),
        exp.In: slots(exp.In, "unnest"),
        exp.Unnest: slots(exp.Unnest, "explode_array"),
        exp.Struct: words("expressions"),
        exp.PropertyEQ: _BINARY,
        exp.Inline: words("this"),
        exp.Kwarg: _BINARY,
        exp.Lambda: words("this expressions"),
        exp.HavingMax: words("this expression max"),
        exp.SafeFunc: words("this"),
        exp.NetFunc: words("this"),
        exp.ByteString: words("this is_bytes"),
        exp.RawString: words("this"),
        exp.ParseJSON: words("this expression safe is_literal"),
        exp.JSON: words("this"),
        exp.Array: words("expressions bracket_notation struct_name_inheritance"),
        exp.JSONArray: words("expressions null_handling return_type strict"),
        exp.Normalize: words("this form is_casefold"),
        exp.StrToDate: words("this format safe"),
        exp.StrToTime: words("this format zone safe"),
        exp.WeekStart: words("this"),
        exp.AtTimeZone: words("this zone"),
        exp.CurrentDatetime: words("this"),
        exp.Aliases: words("this expressions"),
        exp.ColumnDef: words("this kind"),
    }
)

SYSTEM_RELATIONS = words("information_schema __tables__ __tables_summary__ __partitions__")

SESSION_WORDS = words("current_user session_user")

SIZE_BOUNDS = MappingProxyType({"repeat": (1, 10_000), "lpad": (1, 10_000), "rpad": (1, 10_000)})

UNIT_CALLS = {
    **{
        f"{kind}_{call}": frozenset({position})
        for kind in ("DATE", "DATETIME", "TIME", "TIMESTAMP")
        for call, position in (("TRUNC", 1), ("DIFF", 2))
    },
    "LAST_DAY": frozenset({1}),
    "NORMALIZE": frozenset({1}),
    "NORMALIZE_AND_CASEFOLD": frozenset({1}),
}

RULES = DialectRules(
    name="bigquery",
    title="BigQuery",
    dialect=DIALECT,
    translated_names=translated_names(DIALECT, kept=("ARRAY", "OFFSET", "ORDINAL", "WEEK")),
    nodes=MappingProxyType(NODES),
    functions=FUNCTIONS | words("safe_offset safe_ordinal offset ordinal week"),
    types=TYPES,
    named_types=words("bignumeric geography"),
    quoted_words=QUOTED_WORDS,
    system_columns=words("_table_suffix"),
    session_words=SESSION_WORDS,
    size_bounds=SIZE_BOUNDS,
    function_columns=MappingProxyType({}),
    max_name_bytes=1024,
    traits=Traits(
        exact_columns=False,
        case="caseless",
        exact_tables=True,
        first_words=words("SELECT WITH FROM ("),
        keyword_calls=KEYWORD_CALLS,
        unit_calls=UNIT_CALLS,
        packages=words("net hll_count kll_quantiles safe"),
        table_functions=words("unnest"),
        templates=words("format"),
        system_relations=SYSTEM_RELATIONS,
        array_paths=True,
        pipes=True,
        joins_texts=True,
        printed={
            exp.IgnoreNulls: behind("IGNORE NULLS"),
            exp.RespectNulls: behind("RESPECT NULLS"),
        },
    ),
)
