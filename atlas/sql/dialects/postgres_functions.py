"""Built-in PostgreSQL functions a query may call, by chapter of its documentation (data only)."""

MATH = """
abs cbrt ceil ceiling degrees div erf erfc exp factorial floor gamma gcd lcm lgamma ln log log10
min_scale mod pi power radians random random_normal round scale sign sqrt trim_scale trunc
width_bucket acos acosd asin asind atan atand atan2 atan2d cos cosd cot cotd sin sind tan tand
sinh cosh tanh asinh acosh atanh
"""

STRING = """
ascii bit_length btrim casefold char_length character_length chr concat concat_ws format initcap
left length lower lpad ltrim md5 normalize octet_length overlay parse_ident position quote_ident
quote_literal quote_nullable regexp_count regexp_instr regexp_like regexp_match regexp_replace
regexp_split_to_array regexp_substr repeat replace reverse right rpad rtrim split_part starts_with
string_to_array strpos substr substring to_ascii to_bin to_hex to_oct translate trim
unicode_assigned unistr upper
"""

BINARY = """
bit_count convert convert_from convert_to crc32 crc32c decode encode get_bit get_byte set_bit
set_byte sha224 sha256 sha384 sha512
"""

FORMATTING = "to_char to_date to_number to_timestamp"

DATE_TIME = """
age clock_timestamp date_add date_bin date_part date_subtract date_trunc extract isfinite
justify_days justify_hours justify_interval make_date make_interval make_time make_timestamp
make_timestamptz now statement_timestamp timeofday timezone transaction_timestamp overlaps
"""

CONDITIONAL = "coalesce nullif greatest least num_nonnulls num_nulls"

# Words of the grammar that look like calls when something follows in parentheses.
KEYWORDS = """
all any array current_time current_timestamp localtime localtimestamp row some
"""

# A call such as date(x) or int4(x) is a cast spelled as a function.
CASTS = """
date text bool int2 int4 int8 float4 float8 numeric time timestamp timestamptz interval varchar
bpchar jsonb json uuid
"""

AGGREGATE = """
any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or count every json_agg json_object_agg
json_agg_strict json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict
jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique
jsonb_object_agg_unique_strict max min range_agg range_intersect_agg string_agg sum corr covar_pop
covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
regr_syy stddev stddev_pop stddev_samp variance var_pop var_samp mode percentile_cont
percentile_disc rank dense_rank percent_rank cume_dist grouping
"""

WINDOW = "row_number ntile lag lead first_value last_value nth_value"

JSON = """
to_json to_jsonb array_to_json row_to_json json_build_array jsonb_build_array json_build_object
jsonb_build_object json_object jsonb_object json_array json_scalar json_serialize json_arrayagg
json_objectagg json_array_elements jsonb_array_elements json_array_elements_text
jsonb_array_elements_text json_array_length jsonb_array_length json_each jsonb_each json_each_text
jsonb_each_text json_extract_path jsonb_extract_path json_extract_path_text
jsonb_extract_path_text json_object_keys jsonb_object_keys json_to_record jsonb_to_record
json_to_recordset jsonb_to_recordset json_strip_nulls jsonb_strip_nulls jsonb_set jsonb_set_lax
jsonb_insert jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array
jsonb_path_query_first jsonb_path_exists_tz jsonb_path_match_tz jsonb_path_query_tz
jsonb_path_query_array_tz jsonb_path_query_first_tz jsonb_pretty json_typeof jsonb_typeof
json_value json_query json_exists
"""

ARRAY = """
array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
array_positions array_prepend array_remove array_replace array_reverse array_sample array_shuffle
array_sort array_to_string array_upper cardinality trim_array unnest
"""

RANGE = """
int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange
nummultirange tsmultirange tstzmultirange datemultirange isempty lower_inc upper_inc lower_inf
upper_inf range_merge multirange
"""

SET_RETURNING = """
generate_series generate_subscripts string_to_table regexp_matches regexp_split_to_table
"""

TEXT_SEARCH = """
to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_rank ts_rank_cd
ts_headline ts_delete ts_filter tsvector_to_array array_to_tsvector setweight strip numnode
querytree tsquery_phrase json_to_tsvector jsonb_to_tsvector
"""

GEOMETRIC = """
area center diagonal diameter height isclosed isopen npoints pclose popen radius slope width box
circle line lseg path point polygon bound_box
"""

NETWORK = """
abbrev broadcast family host hostmask inet_merge inet_same_family masklen netmask network
set_masklen
"""

ENUM = "enum_first enum_last enum_range"

# What people divide rows into groups with, and the type of a value.
HASHES = "hashtext hashtextextended"
TYPES = "pg_typeof"

UUID = "gen_random_uuid uuidv4 uuidv7 uuid_extract_timestamp uuid_extract_version"

FUNCTIONS = frozenset(
    " ".join(
        (
            MATH,
            STRING,
            BINARY,
            FORMATTING,
            DATE_TIME,
            CONDITIONAL,
            KEYWORDS,
            CASTS,
            AGGREGATE,
            WINDOW,
            JSON,
            ARRAY,
            RANGE,
            SET_RETURNING,
            TEXT_SEARCH,
            GEOMETRIC,
            NETWORK,
            ENUM,
            UUID,
            HASHES,
            TYPES,
        )
    ).split()
)
