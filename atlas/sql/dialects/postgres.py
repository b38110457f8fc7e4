"""What a PostgreSQL query may be made of (data only)."""

from types import MappingProxyType

from sqlglot import exp

from atlas.sql.dialects.postgres_functions import FUNCTIONS
from atlas.sql.dialects.postgres_grammar import DIALECT, TRANSLATED_NAMES
from atlas.sql.dialects.printing import infix, prefix
from atlas.sql.dialects.rules import DialectRules, Traits


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ANY: frozenset[str] | None = None
_BINARY = _words("this expression")
_MODIFIERS = "with_ order limit offset"

NODES: dict[type[exp.Expr], frozenset[str] | None] = {
    # Queries
    exp.Select: _words(
        "with_ expressions distinct from_ joins where group having windows order limit offset"
    ),
    exp.Union: _words(f"this expression distinct {_MODIFIERS}"),
    exp.Except: _words(f"this expression distinct {_MODIFIERS}"),
    exp.Intersect: _words(f"this expression distinct {_MODIFIERS}"),
    exp.Subquery: _words(f"this alias joins {_MODIFIERS}"),
    exp.With: _words("expressions recursive search cycle"),
    exp.RecursiveWithSearch: _ANY,
    exp.CTE: _words("this alias materialized"),
    exp.Values: _words("expressions alias order limit offset"),
    # FROM
    exp.From: _words("this"),
    exp.Table: _words("this alias db joins ordinality rows_from sample only"),
    exp.TableAlias: _words("this columns"),
    exp.ColumnDef: _words("this kind"),
    exp.Join: _words("this on side kind using method"),
    exp.Lateral: _words("this alias ordinality"),
    exp.Unnest: _words("expressions alias offset"),
    exp.TableSample: _words("expressions method size percent seed"),
    # Clauses
    exp.Where: _words("this"),
    exp.Group: _words("expressions grouping_sets cube rollup all"),
    exp.GroupingSets: _words("expressions"),
    exp.Rollup: _words("expressions"),
    exp.Cube: _words("expressions"),
    exp.Having: _words("this"),
    exp.Order: _words("this expressions"),
    exp.Ordered: _words("this desc nulls_first"),
    exp.Limit: _words("expression"),
    exp.Offset: _words("expression"),
    exp.Fetch: _words("direction count limit_options"),
    exp.LimitOptions: _words("rows with_ties"),
    exp.Distinct: _words("expressions on"),
    exp.Window: _words("this partition_by order spec alias over"),
    exp.WindowSpec: _words("kind start start_side end end_side exclude"),
    exp.Filter: _BINARY,
    exp.WithinGroup: _BINARY,
    # Names and literals
    exp.Column: _words("this table db"),
    exp.Identifier: _words("this quoted"),
    exp.Alias: _words("this alias"),
    exp.Star: frozenset(),
    exp.Dot: _BINARY,
    exp.Literal: _words("this is_string"),
    exp.National: _words("this"),
    exp.BitString: _words("this"),
    exp.HexString: _words("this is_integer"),
    exp.Null: frozenset(),
    exp.Boolean: _words("this"),
    exp.Var: _words("this"),
    exp.Interval: _words("this unit fraction_in_string"),
    exp.IntervalSpan: _BINARY,
    exp.DataType: _words("this expressions nested kind"),
    exp.DataTypeParam: _words("this"),
    exp.Cast: _words("this to"),
    exp.ParseJSON: _words("this is_literal"),
    exp.Paren: _words("this"),
    exp.Tuple: _words("expressions"),
    exp.Array: _words("expressions bracket_notation"),
    exp.Bracket: _words("this expressions offset"),
    exp.Slice: _BINARY,
    exp.Collate: _BINARY,
    # Conditions
    exp.And: _BINARY,
    exp.Or: _BINARY,
    exp.Not: _words("this"),
    exp.EQ: _BINARY,
    exp.NEQ: _BINARY,
    exp.GT: _BINARY,
    exp.GTE: _BINARY,
    exp.LT: _BINARY,
    exp.LTE: _BINARY,
    exp.NullSafeEQ: _BINARY,
    exp.NullSafeNEQ: _BINARY,
    exp.Is: _words("this expression negate"),
    exp.JSON: _words("this with_ unique"),
    exp.In: _words("this expressions query"),
    exp.Between: _words("this low high symmetric"),
    exp.Like: _words("this expression negate"),
    exp.ILike: _words("this expression negate"),
    exp.SimilarTo: _BINARY,
    exp.Escape: _BINARY,
    exp.RegexpLike: _BINARY,
    exp.RegexpILike: _BINARY,
    exp.Exists: _words("this"),
    exp.Any: _words("this"),
    exp.All: _words("this"),
    exp.Case: _words("this ifs default"),
    exp.If: _words("this true"),
    exp.Overlaps: _BINARY,
    # Operators
    exp.Add: _BINARY,
    exp.Sub: _BINARY,
    exp.Mul: _BINARY,
    exp.Div: _words("this expression typed safe"),
    exp.Mod: _BINARY,
    exp.Pow: _BINARY,
    exp.Neg: _words("this"),
    exp.Sqrt: _words("this"),
    exp.Cbrt: _words("this"),
    exp.DPipe: _words("this expression safe"),
    exp.BitwiseAnd: _BINARY,
    exp.BitwiseOr: _BINARY,
    exp.BitwiseXor: _BINARY,
    exp.BitwiseNot: _words("this"),
    exp.BitwiseLeftShift: _BINARY,
    exp.BitwiseRightShift: _BINARY,
    exp.AtTimeZone: _words("this zone"),
    exp.Distance: _BINARY,
    exp.Adjacent: _BINARY,
    exp.ExtendsLeft: _BINARY,
    exp.ExtendsRight: _BINARY,
    exp.StartsWith: _BINARY,
    exp.ArrayContainsAll: _BINARY,
    exp.ArrayContainedBy: _BINARY,
    exp.ArrayOverlaps: _BINARY,
    exp.JSONExtract: _BINARY,
    exp.JSONExtractScalar: _BINARY,
    exp.JSONBExtract: _BINARY,
    exp.JSONBExtractScalar: _BINARY,
    exp.JSONBContainsTopKey: _BINARY,
    exp.JSONBContainsAnyTopKeys: _BINARY,
    exp.JSONBContainsAllTopKeys: _BINARY,
    exp.JSONBDeleteAtPath: _BINARY,
    exp.JSONBPathExists: _BINARY,
    exp.MatchAgainst: _words("this expressions"),
    exp.JSONObject: _words("expressions null_handling unique_keys return_type encoding"),
    exp.JSONKeyValue: _BINARY,
    exp.JSONValue: _words("this path returning on_condition"),
    exp.OnCondition: _words("empty error null"),
    # Calls
    exp.Anonymous: _words("this expressions"),
    exp.Kwarg: _BINARY,
    exp.Variadic: _words("this"),
    exp.Extract: _BINARY,
    exp.Trim: _words("this expression position collation"),
    exp.Substring: _words("this start length"),
    exp.StrPosition: _words("this substr"),
    exp.Overlay: _words("this expression from_ for_"),
    exp.Normalize: _words("this form"),
    exp.CurrentDate: frozenset(),
    exp.CurrentTime: frozenset(),
    exp.CurrentTimestamp: frozenset(),
    exp.Localtime: frozenset(),
    exp.Localtimestamp: frozenset(),
}

TYPES = frozenset(
    exp.DType[name]
    for name in _words("""
    ARRAY BIGINT BIT BOOLEAN BPCHAR CHAR DATE DATEMULTIRANGE DATERANGE DATETIME DECIMAL DOUBLE
    FLOAT INET INT INT4MULTIRANGE INT4RANGE INT8MULTIRANGE INT8RANGE INTERVAL JSON JSONB MONEY
    NAME NCHAR NUMMULTIRANGE NUMRANGE NVARCHAR POINT SMALLINT TEXT TIME TIMESTAMP TIMESTAMPTZ
    TIMETZ TINYINT TSMULTIRANGE TSRANGE TSTZMULTIRANGE TSTZRANGE UUID VARBINARY VARCHAR
    """)
)

# Types sqlglot has no name for; anything else by name is a user's or a system's type.
NAMED_TYPES = _words("tsvector tsquery jsonpath cidr macaddr macaddr8 varbit")

# Every word PostgreSQL does not accept as a bare column name (its quote_identifier rule).
QUOTED_WORDS = _words(
    """
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit
    boolean both case cast char character check coalesce collate collation column concurrently
    constraint create cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user dec decimal default deferrable desc distinct do else end except
    exists extract false fetch float for foreign freeze from full grant greatest group grouping
    having ilike in initially inner inout int integer intersect interval into is isnull join json
    json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
    json_serialize json_table json_value lateral leading least left like limit localtime
    localtimestamp merge_action national natural nchar none normalize not notnull null nullif
    numeric offset on only or order out outer overlaps overlay placing position precision primary
    real references returning right row select session_user setof similar smallint some substring
    symmetric system_user table tablesample then time timestamp to trailing treat trim true union
    unique user using values varchar variadic verbose when where window with xmlattributes
    xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize
    xmltable
    """
)

SYSTEM_COLUMNS = _words("cmax cmin ctid tableoid xmax xmin")

# Bare words that are not columns but tell about the session.
SESSION_WORDS = _words(
    "current_catalog current_role current_schema current_user session_user system_user user"
)

# Function: position of the deciding argument, largest value.
SIZE_BOUNDS = MappingProxyType(
    {
        "repeat": (1, 10_000),
        "lpad": (1, 10_000),
        "rpad": (1, 10_000),
        "factorial": (0, 1_000),
    }
)

FUNCTION_COLUMNS = MappingProxyType(
    {
        "json_each": ("key", "value"),
        "jsonb_each": ("key", "value"),
        "json_each_text": ("key", "value"),
        "jsonb_each_text": ("key", "value"),
        "json_array_elements": ("value",),
        "jsonb_array_elements": ("value",),
        "json_array_elements_text": ("value",),
        "jsonb_array_elements_text": ("value",),
        "json_object_keys": ("json_object_keys",),
    }
)

# Between a key and its value; with a comma in its place the call is an ordinary one.
_COLON = frozenset({":", "VALUE"})

RULES = DialectRules(
    name="postgres",
    title="PostgreSQL",
    dialect=DIALECT,
    translated_names=TRANSLATED_NAMES,
    nodes=MappingProxyType(NODES),
    functions=FUNCTIONS,
    types=TYPES,
    named_types=NAMED_TYPES,
    quoted_words=QUOTED_WORDS,
    system_columns=SYSTEM_COLUMNS,
    session_words=SESSION_WORDS,
    size_bounds=SIZE_BOUNDS,
    function_columns=FUNCTION_COLUMNS,
    max_name_bytes=63,
    traits=Traits(
        system_relations=_words("pg_ information_schema"),
        json_arrows=True,
        keyword_calls={
            "JSON_OBJECT": _COLON,
            "JSON_VALUE": _words("RETURNING EMPTY ERROR"),
        },
        # Operators rank otherwise than calls of the same meaning: |/ 25 + 11 is 6.
        printed={
            exp.Sqrt: prefix("|/"),
            exp.Cbrt: prefix("||/"),
            exp.StartsWith: infix("^@"),
            exp.BitwiseNot: prefix("~"),
            exp.Neg: prefix("-"),
        },
    ),
)
