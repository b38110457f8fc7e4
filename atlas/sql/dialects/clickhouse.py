"""What a ClickHouse query may be made of (data only)."""

from types import MappingProxyType
from typing import cast

from sqlglot import exp
from sqlglot.dialects.clickhouse import ClickHouse
from sqlglot.parsers.clickhouse import ClickHouseParser

from atlas.sql.dialects.clickhouse_caseless import CASELESS
from atlas.sql.dialects.clickhouse_functions import AGGREGATES, SCALAR
from atlas.sql.dialects.common import (
    KEYWORD_CALLS,
    QUOTED_WORDS,
    TYPES,
    slots,
    translated_names,
    with_nodes,
)
from atlas.sql.dialects.printing import final, sample_offset
from atlas.sql.dialects.rules import DialectRules, Traits
from atlas.sql.dialects.words import words

DIALECT = ClickHouse()

# The parser has a list of its own of the aggregates that may take parameters; this adds to it.
_PARAMETRIC_AGGREGATES = cast(dict[str, tuple[str, str | None]], ClickHouseParser.AGG_FUNC_MAPPING)
for _name in AGGREGATES:
    _PARAMETRIC_AGGREGATES.setdefault(_name, (_name, None))

_BINARY = words("this expression")

NODES = with_nodes(
    {
        exp.Select: slots(exp.Select, "prewhere"),
        exp.PreWhere: words("this"),
        exp.Final: words("this"),
        exp.TableSample: words("size seed"),
        exp.Lambda: words("this expressions"),
        exp.JSONCast: words("this to"),
        exp.NestedJSONSelect: _BINARY,
        exp.AnonymousAggFunc: words("this expressions"),
        exp.CombinedAggFunc: words("this expressions"),
        exp.ParameterizedAgg: words("this expressions params"),
        exp.CombinedParameterizedAgg: words("this expressions params"),
        exp.AnyValue: words("this"),
        exp.Quantile: words("this quantile"),
        exp.GroupConcat: words("this separator on_overflow"),
        exp.ILike: words("this expression negate"),
        exp.RegexpLike: words("this expression flag full_match"),
        exp.In: slots(exp.In, "field is_global"),
        exp.Columns: words("this unpack"),
        exp.Apply: _BINARY,
        exp.WithFill: words("from_ to step interpolate"),
        exp.Join: slots(exp.Join, "expressions"),
        exp.Map: words("keys values"),
        exp.Struct: words("expressions"),
        exp.PropertyEQ: _BINARY,
        exp.ColumnDef: words("this kind"),
        exp.TryCast: words("this to"),
        exp.DateAdd: words("this expression unit"),
        exp.TimestampTrunc: words("this unit zone"),
    }
)

SYSTEM_RELATIONS = words("system information_schema")

SESSION_WORDS = words("current_user session_user user")

SIZE_BOUNDS = MappingProxyType(
    {
        "repeat": (1, 10_000),
        "space": (0, 10_000),
        "leftpad": (1, 10_000),
        "rightpad": (1, 10_000),
        "lpad": (1, 10_000),
        "rpad": (1, 10_000),
        "arrayresize": (1, 1_000_000),
        "randomstring": (0, 10_000),
        "randomprintableascii": (0, 10_000),
        "randomfixedstring": (0, 10_000),
    }
)

# An aggregate with parameters has two pairs of brackets, which only the parser itself knows.
_PARAMETRIC = {name.upper(): words(")(") for name in AGGREGATES}

COMBINATORS = (
    "ArgMax", "ArgMin", "Array", "Distinct", "ForEach", "If", "Map", "MergeState", "Merge",
    "OrDefault", "OrNull", "Resample", "SimpleState", "State",
)  # fmt: skip

RULES = DialectRules(
    name="clickhouse",
    title="ClickHouse",
    dialect=DIALECT,
    translated_names=translated_names(DIALECT),
    nodes=MappingProxyType(NODES),
    functions=SCALAR | AGGREGATES,
    types=TYPES,
    named_types=frozenset(),
    quoted_words=QUOTED_WORDS,
    system_columns=frozenset(),
    session_words=SESSION_WORDS,
    size_bounds=SIZE_BOUNDS,
    function_columns=MappingProxyType({}),
    max_name_bytes=256,
    traits=Traits(
        exact_columns=False,
        case="exact",
        exact_tables=True,
        keyword_calls={**KEYWORD_CALLS, **_PARAMETRIC},
        unit_calls={
            name: frozenset({0, 1})
            for name in (
                "DATEADD",
                "DATE_ADD",
                "DATESUB",
                "DATE_SUB",
                "DATEDIFF",
                "DATE_DIFF",
                "TIMESTAMPADD",
                "TIMESTAMP_ADD",
                "TIMESTAMPSUB",
                "TIMESTAMP_SUB",
                "TIMESTAMPDIFF",
                "TIMESTAMP_DIFF",
            )
        },
        table_functions=words(
            "numbers numbers_mt zeros zeros_mt values generate_series generateSeries primes"
        ),
        templates=words("printf"),
        system_relations=SYSTEM_RELATIONS,
        printed={exp.Final: final, exp.TableSample: sample_offset},
        aggregates=AGGREGATES,
        combinators=COMBINATORS,
        keeps_call_case=True,
        in_names_table=True,
        in_list_names_table=True,
        union_limit_is_last=True,
        value_structures=True,
        constants=words("inf nan"),
        caseless=CASELESS,
    ),
)
