"""What a login of MySQL or MariaDB may do beyond reading the tables that the layer lists."""

import re
from collections.abc import Iterator, Sequence

from plugins_app.reference.mysql.session import Session
from plugins_app.sdk import AccountReport

MAX_NAMES = 200
SYSTEM = "('information_schema', 'performance_schema', 'mysql', 'sys')"
# "GRANT a, b (c) ON `shop`.* TO ..."; roles have no ON.
GRANT = re.compile(
    r"^GRANT (?P<rights>.+?) ON (?:TABLE )?(?P<where>\S+\.\S+|\*) TO ", re.IGNORECASE
)
RIGHT = re.compile(r"([A-Z][A-Z ]*[A-Z])\s*(?:\([^)]*\))?")
READING = frozenset(
    {"SELECT", "USAGE", "SHOW VIEW", "SHOW DATABASES", "SHOW CREATE ROUTINE", "PROXY"}
)
WRITING = frozenset(
    {
        "ALL PRIVILEGES", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "INDEX",
        "TRIGGER", "EVENT", "LOCK TABLES", "REFERENCES", "CREATE VIEW", "CREATE ROUTINE",
        "ALTER ROUTINE", "DELETE HISTORY",
    }
)  # fmt: skip
POWERS = {
    "FILE": "The login has FILE: it may read and write files on the server.",
    "PROCESS": "The login has PROCESS: it may see the statements of others.",
    "EXECUTE": "The login may execute stored routines, which run with the rights of their owners.",
    "CREATE USER": "The login may make logins.",
    "GRANT OPTION": "The login may pass its rights on.",
    "CREATE TEMPORARY TABLES": "The login may make temporary tables.",
}
_COLUMNS = f"""
SELECT table_schema, table_name, MAX(privileges LIKE '%insert%' OR privileges LIKE '%update%'),
       MAX(privileges LIKE '%select%')
FROM information_schema.columns WHERE table_schema NOT IN {SYSTEM}
GROUP BY table_schema, table_name ORDER BY 1, 2
"""  # noqa: S608 - only constants of this module


def inspect(
    session: Session, listed: Sequence[str], *, expected: str, database: str
) -> AccountReport:
    """Return the rights of the login; `listed` are the tables it is meant to read."""
    ((user,),) = session.rows("SELECT CURRENT_USER()")
    grants = list(_grants(row[0] for row in session.rows("SHOW GRANTS")))
    tables = session.rows(_COLUMNS)
    known = {name.lower() if "." in name else f"{database}.{name}".lower() for name in listed}
    unlisted = (f"{schema}.{name}" for schema, name, _, reads in tables if reads)
    written = [f"{schema}.{name}" for schema, name, writes, _ in tables if writes]
    return AccountReport(
        user=str(user),
        server_version=session.version,
        superuser=_is_superuser(grants),
        writable=tuple(dict.fromkeys([*_written(grants), *written]))[:MAX_NAMES],
        unlisted=tuple(name for name in unlisted if name.lower() not in known)[:MAX_NAMES],
        warnings=(*_warnings(grants), *_of_server(session, expected)),
    )


def wrong_engine(session: Session, expected: str) -> str:
    """What to change when the address names the other engine, or nothing."""
    if session.engine == expected:
        return ""
    return (
        f"The server is {_label(session.engine)}: begin the address with {session.engine}://, so"
        " that queries are checked as it reads them."
    )


def _of_server(session: Session, expected: str) -> Iterator[str]:
    if found := wrong_engine(session, expected):
        yield found
    if not session.is_local and not session.cipher:
        yield "The connection is not encrypted. Set tls, or keep to a network that you trust."


def _label(engine: str) -> str:
    return {"mysql": "MySQL", "mariadb": "MariaDB"}[engine]


def _grants(lines: Iterator[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """What is granted where: "*.*", "shop.*" or "shop.orders", and the rights there."""
    for line in lines:
        found = GRANT.match(line)
        if found is None:
            continue
        where = found["where"].replace("`", "")
        rights = {one.strip() for one in RIGHT.findall(found["rights"].upper())}
        if "WITH GRANT OPTION" in line.upper():
            rights.add("GRANT OPTION")
        yield where, frozenset(rights)


def _is_superuser(grants: Sequence[tuple[str, frozenset[str]]]) -> bool:
    everywhere = {right for where, rights in grants if where == "*.*" for right in rights}
    return bool(everywhere & {"ALL PRIVILEGES", "SUPER"})


def _written(grants: Sequence[tuple[str, frozenset[str]]]) -> list[str]:
    return [where for where, rights in grants if rights & WRITING]


def _warnings(grants: Sequence[tuple[str, frozenset[str]]]) -> Iterator[str]:
    held = {right for _, rights in grants for right in rights}
    yield from (text for right, text in POWERS.items() if right in held)
    other = held - READING - WRITING - POWERS.keys() - {"SUPER"}
    if other:
        yield f"The login has rights that reading does not need: {', '.join(sorted(other))}."
