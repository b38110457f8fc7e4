"""What a MariaDB query may be made of: MySQL's list and what MariaDB has beside it (data only)."""

from dataclasses import replace

from atlas.sql.dialects.mysql import RULES as MYSQL_RULES
from atlas.sql.dialects.mysql_functions import MARIADB, MYSQL

# MariaDB has no REGEXP_LIKE; its operator REGEXP does the same.
FUNCTIONS = (MYSQL | MARIADB) - {"regexp_like"}

RULES = replace(MYSQL_RULES, name="mariadb", title="MariaDB", functions=FUNCTIONS)
