"""SQLite as witness: its authorizer hears of every column a text reads."""

import hashlib
import sqlite3

from tests.sql.witnesses import company
from tests.sql.witnesses.answers import Answer

_PLAIN = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_STEPS = 2_000_000
# The engine makes these itself for a text.
_OWN = {"json_each", "json_tree", "generate_series", "pragma_table_info"}
_DATA = ("integer overflow", "malformed JSON", "JSON path", "bad JSON path", "too big", "zeroblob")


class SQLite:
    """One company in memory."""

    def __init__(self, mark: int) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.execute("ATTACH ':memory:' AS analytics")
        for statement in company.statements("sqlite", mark):
            self._connection.execute(statement)
        # These table functions are declared by their first use, which counts as a change.
        for function in ("json_each", "json_tree"):
            self._connection.execute(f"SELECT 1 FROM {function}('[]')").fetchall()
        self._named = {
            name.partition(".")[2] or name: set(company.names(columns))
            for name, columns in company.LISTED.items()
        }
        self._seen: set[str] = set()
        self._foreign: list[str] = []

    def read(self, sql: str, tables: tuple[str, ...]) -> Answer:
        """Run one text, allowed to read listed columns of `tables` only."""
        self._seen, self._foreign = set(), []
        self._connection.set_authorizer(self._hear)
        self._connection.set_progress_handler(lambda: 1, _STEPS)
        try:
            rows = tuple(self._connection.execute(sql).fetchall())
        except sqlite3.Error as error:
            return self._failed(str(error))
        finally:
            self._connection.set_authorizer(None)
            self._connection.set_progress_handler(None, 0)
        beyond = self._seen - set(tables)
        return Answer("denied", said=f"also reads {beyond}") if beyond else Answer("rows", rows)

    def reads(self, sql: str) -> frozenset[str] | None:
        """The tables that the last text read, whichever columns of them."""
        self.read(f"EXPLAIN {sql}", ())
        return frozenset(self._seen)

    def as_owner(self, sql: str) -> list[str]:
        """The rows of a text as it was written, sorted; nothing is kept from it."""
        return sorted(map(repr, self._connection.execute(sql).fetchall()))

    def state(self) -> str:
        """A digest of both databases and of the settings."""
        digest = hashlib.sha256()
        for schema in ("main", "analytics"):
            table = f"{schema}.sqlite_schema"
            for row in self._connection.execute(f"SELECT sql FROM {table}").fetchall():
                digest.update(repr(row).encode())
        for name in company.LISTED | company.UNLISTED:
            for row in self._connection.execute(f"SELECT * FROM {name}").fetchall():
                digest.update(repr(row).encode())
        for pragma in ("user_version", "foreign_keys", "case_sensitive_like", "query_only"):
            row = self._connection.execute(f"PRAGMA {pragma}").fetchall()
            digest.update(repr(row).encode())
        return f"{digest.hexdigest()} {self._connection.in_transaction}"

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    def _hear(self, action: int, one: str | None, two: str | None, base: str | None, _: object
              ) -> int:  # fmt: skip
        if action in _PLAIN:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and one is not None:
            return self._read(one, two or "", base)
        self._foreign.append(f"{action} {one} {two}")
        return sqlite3.SQLITE_DENY

    def _read(self, table: str, column: str, base: str | None) -> int:
        if base is None or table in _OWN:
            return sqlite3.SQLITE_OK
        full = f"analytics.{table}" if base == "analytics" else table
        known = full in company.LISTED and (not column or column in self._named[table])
        if not known:
            self._foreign.append(f"{base}.{table}.{column}")
            return sqlite3.SQLITE_DENY
        self._seen.add(full)
        return sqlite3.SQLITE_OK

    def _failed(self, said: str) -> Answer:
        if self._foreign or "prohibited" in said or "not authorized" in said:
            return Answer("denied", said=f"{said} {self._foreign}")
        if said == "interrupted":
            return Answer("slow", said=said)
        known = any(word in said for word in _DATA)
        return Answer("data" if known else "refused", said=said)
