"""ClickHouse functions whose names may be written in any case, from its own catalog (data only)."""

from atlas.sql.dialects.words import words

CASELESS = words(
    """
    abs acos adddate age analysisofvariance anova any_value any_value_respect_nulls
    approx_top_count approx_top_k approx_top_sum array_agg array_concat_agg array_remove
    array_to_string arraypartialshuffle arrayshuffle ascii asin atan atan2 avg avg2 bin bit_and
    bit_or bit_xor byteslice byteswap cardinality cast ceil ceiling char char_length
    character_length coalesce concat concat_ws corr cos count countsubstrings covar_pop
    covar_samp crc32 crc32ieee crc64 curdate current_date current_timestamp date date_bin
    date_format date_trunc datediff datename day dayofmonth dayofweek dayofyear degrees
    dense_rank distancecosine distancecosinetransposed distancel1 distancel2 distancel2squared
    distancel2transposed distancelinf distancelp exp factorial first_value
    first_value_respect_nulls firstnondefault flatten floor format_bytes from_base64 from_days
    from_unixtime from_utc_timestamp greatest group_concat hassubsequence
    hassubsequencecaseinsensitive hassubsequencecaseinsensitiveutf8 hassubsequenceutf8
    hastokencaseinsensitive hastokencaseinsensitiveornull hex hmac hour hypot if ifnull
    inet6_aton inet6_ntoa inet_aton inet_ntoa initcap instr isnull json_array_length
    kolmogorovsmirnovtest lag last_day last_value last_value_respect_nulls lcase lead least left
    length ln localtime localtimestamp locate log log10 log2 lower lpad makedate makedate32
    makedatetime makedatetime64 max max2 max_by microsecond mid midpoint millisecond min min2
    min_by minute mod modornull month monthname nanosecond natural_sort_key normalizel1
    normalizel2 normalizelinf normalizelp norml1 norml2 norml2squared normlinf normlp not now
    now64 nth_value ntile nullif octet_length overlay percent_rank pi pmod pmodornull position
    positive_modulo positive_modulo_or_null positivemodulo positivemoduloornull pow power
    quarter radians rand rank regexp_extract regexp_instr regexp_matches regexp_replace
    regexp_substr regexpinstr regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope
    regr_sxx regr_sxy regr_syy repeat replace reverse right round row_number rpad scalarproduct
    scalarproducttransposed second sign sin soundex space sqr sqrt std stddev stddev_pop
    stddev_samp str_to_date str_to_map string_agg subdate substr substring substring_index sum
    tan tanh time_bucket timediff timestamp timezone to_base64 to_days to_unixtime
    to_utc_timestamp today todecimalstring trunc truncate ucase unbin unhex unnest upper
    utc_timestamp utctimestamp var_pop var_samp vectordifference vectorsum week width_bucket
    year yearweek yyyymmddhhmmsstodatetime yyyymmddtodate yyyymmddtodate32
    """
)
