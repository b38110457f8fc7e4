"""One connection to MySQL or MariaDB, set up so that queries mean and cost what they should."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

from plugins_app.reference.mysql.config import CONNECT_TIMEOUT_S, Config
from plugins_app.reference.mysql.errors import explained
from plugins_app.sdk import QueryLimits, QueryResult, fetch_within, require

INSTALL = 'pip install "pymysql~=1.2"'
# The last resort when nothing comes back: so long after the server should have said no itself.
DEAF_AFTER_S = 5
OWN_STATEMENTS_S = 25
LOCAL = ("localhost", "127.0.0.1", "::1")
RESET_CONNECTION = 0x1F
# By default averages of whole numbers have four digits behind the point.
DIGITS_OF_A_QUOTIENT = 12
LONGEST_GROUP_CONCAT = 1_048_576
# Each engine's own default. Other modes read quotes and backslashes in another way than the guard.
SQL_MODES = {
    "mariadb": "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
    "mysql": (
        "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
        "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
    ),
}


class Session:
    """A connection; every method blocks, and raises PluginError for what the server or net does."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._driver = require("pymysql", INSTALL)
        with self.explaining():
            self._connection = self._driver.connect(
                **config.arguments(),
                conv=_converters(),
                cursorclass=self._driver.cursors.SSCursor,
                read_timeout=CONNECT_TIMEOUT_S,
            )
        self.number = int(self._connection.thread_id())
        # MariaDB puts a number in front that old replicas understand.
        self.version = str(self._connection.get_server_info()).removeprefix("5.5.5-")
        self._used = False
        self._cursor: Any = None

    @property
    def engine(self) -> str:
        """ "mysql" or "mariadb", as the server says."""
        return "mariadb" if "mariadb" in self.version.lower() else "mysql"

    @property
    def is_local(self) -> bool:
        """Whether no network is between here and the server."""
        return bool(self._connection.unix_socket) or self._connection.host in LOCAL

    @property
    def cipher(self) -> str:
        """How the connection is encrypted; "" when it is not."""
        return str(self.rows("SHOW SESSION STATUS LIKE 'Ssl_cipher'")[0][1])

    def query(self, sql: str, timeout_ms: int, limits: QueryLimits) -> tuple[QueryResult, bool]:
        """Run one statement read-only; also tells whether rows are left that nobody will read."""
        with self.explaining(), self._waiting(timeout_ms / 1000 + DEAF_AFTER_S):
            self._begin(timeout_ms)
            # Kept: the driver reads all rows that are left before it lets go of a cursor.
            self._cursor = cursor = self._connection.cursor()
            cursor.execute(sql.encode())
            columns = [column[0] for column in cursor.description or ()]
            rows, truncated = fetch_within(cursor.fetchmany, limits)
            unread = truncated and cursor.fetchone() is not None
            if not unread:
                cursor.close()
                self._ask("ROLLBACK")
        return QueryResult(columns, rows, truncated), unread

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of one of the plugin's own statements."""
        with self.explaining(), self._waiting(OWN_STATEMENTS_S):
            return list(self._ask(sql))

    def kill(self, number: int) -> None:
        """Stop the statement that another session of this login runs."""
        with self.explaining():
            self._ask(f"KILL QUERY {number:d}")

    def is_alive(self) -> bool:
        """Whether the server still answers."""
        try:
            self._connection.ping(reconnect=False)
        except self._driver.Error:
            return False
        return True

    def break_off(self) -> None:
        """Wake whoever reads from a connection that brings nothing any more."""
        with contextlib.suppress(OSError, AttributeError):
            self._connection._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection, whatever is left on it."""
        self.break_off()
        result = getattr(self._connection, "_result", None)
        if result is not None:
            result.unbuffered_active = False  # nobody reads what is left
        with contextlib.suppress(self._driver.Error):
            self._connection.close()

    @contextlib.contextmanager
    def explaining(self) -> Iterator[None]:
        """Raise PluginError for what the driver raises."""
        try:
            yield
        except (self._driver.Error, OSError) as error:
            raise explained(error) from None

    @contextlib.contextmanager
    def _waiting(self, seconds: float) -> Iterator[None]:
        """Wait so long for each answer of the server; the driver knows one time for them all."""
        self._connection._read_timeout = seconds
        try:
            yield
        finally:
            self._connection._read_timeout = CONNECT_TIMEOUT_S

    def _begin(self, timeout_ms: int) -> None:
        if self._used:
            self._connection._execute_command(RESET_CONNECTION, b"")
            self._connection._read_ok_packet()
        self._used = True
        self._ask("SET NAMES utf8mb4")
        self._ask("SET SESSION " + ", ".join(self._settings(timeout_ms)))
        # For the session too: a statement that ends the transaction must not write either.
        self._ask("SET SESSION TRANSACTION READ ONLY")
        self._ask("START TRANSACTION READ ONLY")

    def _settings(self, timeout_ms: int) -> Iterator[str]:
        lock_s = max(1, min(timeout_ms, self._config.lock_timeout_ms) // 1000)
        idle_s = self._config.idle_timeout_ms // 1000 + 30
        yield f"sql_mode = '{SQL_MODES[self.engine]}'"
        yield f"lock_wait_timeout = {lock_s}"
        yield f"innodb_lock_wait_timeout = {lock_s}"
        yield f"group_concat_max_len = {LONGEST_GROUP_CONCAT}"
        yield f"div_precision_increment = {DIGITS_OF_A_QUOTIENT}"
        yield f"wait_timeout = {idle_s}"
        if self.engine == "mariadb":
            yield f"max_statement_time = {timeout_ms / 1000:.3f}"
            yield f"idle_transaction_timeout = {timeout_ms // 1000 + 5}"
        else:
            yield f"max_execution_time = {timeout_ms}"

    def _ask(self, sql: str) -> Any:
        cursor = self._connection.cursor(self._driver.cursors.Cursor)
        cursor.execute(sql)
        return cursor.fetchall()


def _converters() -> dict[Any, Any]:
    """The driver's, but for types that Python cannot hold as they are."""
    converters = require("pymysql.converters", INSTALL).conversions.copy()
    kinds = require("pymysql.constants.FIELD_TYPE", INSTALL)
    # A TIME goes from -838 to 838 hours and is shown as the server writes it.
    converters.pop(kinds.TIME, None)
    converters[kinds.BIT] = lambda value: int.from_bytes(value, "big")
    return dict(converters)
