"""What a MariaDB query may be made of: MySQL's list and what MariaDB has beside it (data only)."""

from dataclasses import replace
from types import MappingProxyType

from sqlglot import exp

from atlas.sql.dialects.common import slots
from atlas.sql.dialects.mysql import NODES
from atlas.sql.dialects.mysql import RULES as MYSQL_RULES
from atlas.sql.dialects.mysql_functions import MARIADB, MYSQL
from atlas.sql.dialects.printing import kept_ties, system_time
from atlas.sql.dialects.words import words

# MariaDB has no REGEXP_LIKE; its operator REGEXP does the same.
FUNCTIONS = (MYSQL | MARIADB) - {"regexp_like"}

# Its VALUES has no ROW, and its columns are called like the values of the first row.
_PRINTED = {k: v for k, v in MYSQL_RULES.traits.printed.items() if k is not exp.Values}

RULES = replace(
    MYSQL_RULES,
    name="mariadb",
    title="MariaDB",
    functions=FUNCTIONS,
    nodes=MappingProxyType(
        {
            **NODES,
            exp.Table: slots(exp.Table, "hints version"),
            exp.Version: words("this kind expression"),
        }
    ),
    # A sequence answers to these in the mode of Oracle.
    system_columns=words("nextval currval"),
    traits=replace(
        MYSQL_RULES.traits,
        templates=words("sformat"),
        keeps_ties=True,
        printed={**_PRINTED, exp.Version: system_time, exp.Select: kept_ties},
    ),
)
