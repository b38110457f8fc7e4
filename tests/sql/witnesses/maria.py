"""MariaDB as witness: an account for each set of tables, with their listed columns only."""

import hashlib
from typing import Any

import pymysql

from tests.sql.witnesses import company
from tests.sql.witnesses.answers import Answer
from tests.sql.witnesses.mariadb_server import MariaDBServer

SECONDS = 2
# Rights: database, user, table, column, routine, SUPER and the like, file.
_DENIED = {1044, 1045, 1142, 1143, 1227, 1290, 1345, 1370, 1410, 1419, 1701, 1792}
# Values: out of range, truncated, no such date, bad JSON, regular expressions, collations, size.
_DATA = {
    1139, 1153, 1176, 1242, 1264, 1267, 1270, 1292, 1301, 1365, 1366, 1367, 1411, 1425, 1441, 1582,
    1690, 3141, 3143, 4037, 4038, 4042, 4079,
}  # fmt: skip
_NO_ROUTINE, _OWN_ROUTINE = 1370, "own_routine"
_SLOW = {1317, 1969, 3024}
_TABLES = tuple(company.LISTED)


class MariaDB:
    """One company on a server of its own."""

    def __init__(self, mark: int) -> None:
        self._server, self._main = MariaDBServer(), "shop"
        self._root = self._server.connect()
        self._readers: dict[int, Any] = {}
        self._sessions: dict[int, Any] = {}
        self._held: set[Any] = set()
        self._ask(f"CREATE DATABASE {self._main} CHARACTER SET utf8mb4")
        self._ask("CREATE DATABASE IF NOT EXISTS analytics CHARACTER SET utf8mb4")
        self._ask(f"USE {self._main}")
        for statement in company.statements("mariadb", mark):
            self._ask(statement)
        self._ask(f"CREATE FUNCTION {_OWN_ROUTINE}() RETURNS INT RETURN (SELECT 1)")

    def read(self, sql: str, tables: tuple[str, ...]) -> Answer:
        """Run one text in a transaction, as an account that may read `tables` only."""
        reader = self._reader(tables)
        try:
            with reader.cursor() as cursor:
                cursor.execute("START TRANSACTION")
                cursor.execute(sql)
                return Answer("rows", tuple(cursor.fetchall()))
        except pymysql.MySQLError as error:
            return _failed(error)
        finally:
            self._held |= set(self._locks(reader))
            reader.rollback()

    def reads(self, sql: str) -> frozenset[str] | None:
        """Nothing: the plan knows aliases only. The accounts are the measure here."""
        return None

    def as_owner(self, sql: str) -> list[str]:
        """The rows of a text as it was written, sorted; nothing is kept from it."""
        return sorted(map(repr, self._ask(sql)))

    def state(self) -> str:
        """A digest of every table, account and setting; locks left make it another one."""
        digest = hashlib.sha256()
        names = ", ".join(company.LISTED | company.UNLISTED)
        for sql in (
            f"CHECKSUM TABLE {names}",
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema NOT LIKE '%_schema' ORDER BY 1, 2",
            "SELECT variable_name, variable_value FROM information_schema.global_variables"
            " WHERE variable_name NOT LIKE '%gtid%' AND variable_name <> 'timestamp' ORDER BY 1",
            "SELECT user, host FROM mysql.user WHERE user NOT LIKE 'r%' ORDER BY 1, 2",
            "SELECT lock_type FROM information_schema.metadata_lock_info"
            " WHERE lock_type LIKE 'User%'",
        ):
            digest.update(repr(self._ask(sql)).encode())
        changed = [n for n, old in self._sessions.items() if _session(self._readers[n]) != old]
        return f"{digest.hexdigest()} {changed} {self._held}"

    def close(self) -> None:
        """End the connections and the server."""
        for connection in (*self._readers.values(), self._root):
            connection.close()
        self._server.stop()

    def _locks(self, reader: Any) -> Any:
        return self._ask(
            "SELECT trx_rows_locked, trx_rows_modified FROM information_schema.innodb_trx"
            f" WHERE trx_mysql_thread_id = {reader.thread_id()} AND"
            " (trx_rows_locked > 0 OR trx_rows_modified > 0)"
        )

    def _ask(self, sql: str) -> Any:
        with self._root.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def _reader(self, tables: tuple[str, ...]) -> Any:
        number = sum(1 << at for at, name in enumerate(_TABLES) if name in tables)
        if number not in self._readers:
            self._readers[number] = self._make_reader(number)
            self._sessions[number] = _session(self._readers[number])
        return self._readers[number]

    def _make_reader(self, number: int) -> Any:
        user = f"'r{number}'@'localhost'"
        self._ask(f"CREATE USER {user}")
        for at, (name, columns) in enumerate(company.LISTED.items()):
            if number >> at & 1:
                listed = ", ".join(f"`{column}`" for column in company.names(columns))
                place = name if "." in name else f"{self._main}.{name}"
                self._ask(f"GRANT SELECT ({listed}) ON {place} TO {user}")
        # Every account sees the database, whether or not it may read a table there.
        self._ask(f"GRANT CREATE ROUTINE ON {self._main}.* TO {user}")
        connection = self._server.connect(f"r{number}", self._main)
        self._ask(f"REVOKE CREATE ROUTINE ON {self._main}.* FROM {user}")
        with connection.cursor() as cursor:
            cursor.execute(f"SET SESSION max_statement_time = {SECONDS}")
        return connection


def _session(reader: Any) -> Any:
    with reader.cursor() as cursor:
        cursor.execute(
            "SELECT variable_name, variable_value FROM information_schema.session_variables"
            " WHERE variable_name NOT IN ('timestamp', 'last_insert_id', 'rand_seed1',"
            " 'rand_seed2', 'warning_count', 'error_count', 'in_transaction') ORDER BY 1"
        )
        variables = cursor.fetchall()
        cursor.execute("SELECT variable_name FROM information_schema.user_variables ORDER BY 1")
        return variables, cursor.fetchall()


def _failed(error: pymysql.MySQLError) -> Answer:
    code = error.args[0] if error.args else 0
    if code == _NO_ROUTINE and _OWN_ROUTINE not in str(error):
        code = 0
    said = f"{code} {error.args[-1] if error.args else ''}"
    if code in _DENIED:
        return Answer("denied", said=said)
    if code in _SLOW:
        return Answer("slow", said=said)
    return Answer("data" if code in _DATA else "refused", said=said)
