"""Words for units of time that stand in a call without quotes (data only)."""

from atlas.sql.dialects.words import words

_SINGULARS = words(
    """
    nanosecond microsecond millisecond second minute hour day dayofweek dayofyear dayofmonth week
    isoweek month quarter year isoyear decade century millennium epoch
    """
)

_OTHERS = words(
    """
    SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY WEEKDAY WEEKISO DOW DOY DW DY
    DAYOFWEEKISO DAYOFWEEK_ISO YY YYYY MM MON DD HH MI SS MS US NS WK WOY QTR Y Q D W H M S DATE
    DATETIME TIME YEAROFWEEK
    YEAROFWEEKISO EPOCH_SECOND EPOCH_MILLISECOND TIMEZONE_HOUR TIMEZONE_MINUTE
    """
)

# Written in either number, and with the sign MySQL's ODBC spelling has.
UNITS = _OTHERS | frozenset(
    word.upper()
    for singular in _SINGULARS
    for word in (singular, f"{singular}s", f"sql_tsi_{singular}")
)
