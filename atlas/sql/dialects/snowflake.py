"""What a Snowflake query may be made of (data only)."""

from types import MappingProxyType

from sqlglot import exp
from sqlglot.dialects.snowflake import Snowflake

from atlas.sql.dialects.common import (
    KEYWORD_CALLS,
    QUOTED_WORDS,
    TYPES,
    slots,
    translated_names,
    with_nodes,
)
from atlas.sql.dialects.printing import behind, within_group
from atlas.sql.dialects.rules import DialectRules, Traits
from atlas.sql.dialects.snowflake_functions import FUNCTIONS
from atlas.sql.dialects.words import words

DIALECT = Snowflake()

_BINARY = words("this expression")

NODES = with_nodes(
    {
        exp.Select: slots(exp.Select, "match connect"),
        exp.Table: slots(exp.Table, "when catalog"),
        exp.HistoricalData: words("this kind expression"),
        exp.TryCast: slots(exp.TryCast, "probe_date_format null_on_text_overflow"),
        exp.TableFromRows: words("this alias joins pivots sample"),
        exp.Pivot: words(
            "this alias expressions fields unpivot using group columns include_nulls"
            " default_on_null pivot_column_naming identify_pivot_strings"
        ),
        exp.PivotAny: words("this"),
        exp.PivotAlias: words("this alias"),
        exp.MatchRecognize: words("partition_by order measures rows after pattern define alias"),
        exp.MatchRecognizeMeasure: words("this window_frame"),
        exp.Connect: words("start connect nocycle"),
        exp.Prior: words("this"),
        exp.ConnectByRoot: words("this"),
        exp.Kwarg: _BINARY,
        exp.Lambda: words("this expressions"),
        exp.Struct: words("expressions"),
        exp.PropertyEQ: _BINARY,
        exp.Interval: slots(exp.Interval, "fraction_in_string"),
        exp.ILike: words("this expression negate"),
        exp.RegexpLike: words("this expression flag full_match"),
        exp.JSONExtract: words("this expression only_json_types variant_extract requires_json"),
        exp.JSONPath: words("expressions"),
        exp.JSONPathRoot: frozenset(),
        exp.JSONPathKey: words("this quoted"),
        exp.JSONPathSubscript: words("this"),
        exp.Star: words("except_ replace rename ilike"),
        exp.AtTimeZone: words("this zone"),
        exp.ColumnDef: words("this kind"),
        exp.Parameter: words("this"),
        exp.Join: slots(exp.Join, "match_condition"),
    }
)

SYSTEM_RELATIONS = words("information_schema account_usage snowflake")

SESSION_WORDS = words("current_user current_role current_database current_schema current_warehouse")

SIZE_BOUNDS = MappingProxyType(
    {
        "repeat": (1, 10_000),
        "space": (0, 10_000),
        "lpad": (1, 10_000),
        "rpad": (1, 10_000),
        "randstr": (0, 10_000),
        "factorial": (0, 33),
    }
)

UNIT_CALLS = {
    name: frozenset({0})
    for name in (
        "DATEADD", "DATEDIFF", "DATE_PART", "DATE_TRUNC", "TIMEADD", "TIMEDIFF", "TIMESTAMPADD",
        "TIMESTAMPDIFF",
    )
} | {"DATE_TRUNC": frozenset({0, 1}), "LAST_DAY": frozenset({1})}  # fmt: skip

RULES = DialectRules(
    name="snowflake",
    title="Snowflake",
    dialect=DIALECT,
    translated_names=translated_names(DIALECT, kept=("TABLE",)),
    nodes=MappingProxyType(NODES),
    functions=FUNCTIONS,
    types=TYPES,
    named_types=words("timestamp_ltz timestamp_ntz timestamp_tz variant object geography geometry"),
    quoted_words=QUOTED_WORDS,
    system_columns=words("nextval currval metadata$filename metadata$file_row_number"),
    session_words=SESSION_WORDS,
    size_bounds=SIZE_BOUNDS,
    function_columns=MappingProxyType({}),
    max_name_bytes=255,
    traits=Traits(
        exact_columns=False,
        case="upper",
        keyword_calls=KEYWORD_CALLS,
        same_types={exp.DType.TEXT: exp.DType.VARCHAR},
        unit_calls=UNIT_CALLS,
        table_functions=words("flatten split_to_table strtok_split_to_table generator"),
        always_recursive=True,
        system_relations=SYSTEM_RELATIONS,
        empty_relations=words("dual"),
        printed={
            exp.IgnoreNulls: behind("IGNORE NULLS"),
            exp.RespectNulls: behind("RESPECT NULLS"),
            exp.WithinGroup: within_group,
        },
    ),
)
