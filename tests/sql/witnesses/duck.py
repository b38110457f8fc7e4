"""DuckDB as witness: it has no accounts, so its own list of table names has to do."""

import hashlib
import json
import threading

import duckdb

from tests.sql.witnesses import company
from tests.sql.witnesses.answers import Answer

SECONDS = 2.0
_DATA = (
    duckdb.ConversionException,
    duckdb.InvalidInputException,
    duckdb.OutOfRangeException,
    duckdb.OutOfMemoryException,
)
_OUTSIDE = (duckdb.PermissionException, duckdb.IOException, duckdb.HTTPException)


class DuckDB:
    """One company in memory, without files, network or extensions."""

    def __init__(self, mark: int) -> None:
        self._connection = duckdb.connect(config={"memory_limit": "200MB", "threads": "1"})
        self._connection.execute("CREATE SCHEMA analytics")
        for statement in company.statements("duckdb", mark):
            self._connection.execute(statement)
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET autoinstall_known_extensions = false")
        self._connection.execute("SET lock_configuration = true")

    def read(self, sql: str, tables: tuple[str, ...]) -> Answer:
        """Run one text; `denied` when the engine's list of tables goes beyond `tables`."""
        timer = threading.Timer(SECONDS, self._connection.interrupt)
        timer.start()
        try:
            beyond = self._beyond(sql, set(tables))
            if beyond:
                return Answer("denied", said=f"also reads {beyond}")
            return Answer("rows", tuple(self._connection.execute(sql).fetchall()))
        except duckdb.InterruptException as error:
            return Answer("slow", said=str(error))
        except _OUTSIDE as error:
            return Answer("denied", said=str(error))
        except _DATA as error:
            return Answer("data", said=str(error))
        except duckdb.Error as error:
            return Answer("refused", said=f"{type(error).__name__} {error}")
        finally:
            timer.cancel()
            timer.join()

    def reads(self, sql: str) -> frozenset[str] | None:
        """The tables that the plan scans; the optimiser may have dropped some."""
        return frozenset(name for name, _ in self._scans(sql))

    def as_owner(self, sql: str) -> list[str]:
        """The rows of a text as it was written, sorted; nothing is kept from it."""
        return sorted(map(repr, self._connection.execute(sql).fetchall()))

    def state(self) -> str:
        """A digest of every table, of the catalog and of the settings."""
        digest = hashlib.sha256()
        lists = (
            "SELECT table_name, sql FROM duckdb_tables() ORDER BY 1",
            "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1",
            "SELECT database_name, path FROM duckdb_databases() ORDER BY 1",
            "SELECT sequence_name, last_value FROM duckdb_sequences() ORDER BY 1",
            "SELECT name, value FROM duckdb_settings() WHERE name NOT LIKE '%seed%' ORDER BY 1",
            "SELECT name FROM duckdb_variables() ORDER BY 1",
        )
        tables = (f"SELECT * FROM {name}" for name in company.LISTED | company.UNLISTED)
        for sql in (*lists, *tables):
            digest.update(repr(self._connection.execute(sql).fetchall()).encode())
        return digest.hexdigest()

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    def _beyond(self, sql: str, tables: set[str]) -> list[str]:
        """Tables and columns in the plan that the account of an engine with rights would lack."""
        beyond = []
        for table, columns in self._scans(sql):
            listed = set(company.names(company.LISTED.get(table, "")))
            beyond += [f"{table}.{column}" for column in columns - listed if table in tables]
            beyond += [table] if table not in tables else []
        return beyond

    def _scans(self, sql: str) -> list[tuple[str, set[str]]]:
        """Each scan of a stored table with the columns it reads, from the engine's plan."""
        plans = self._connection.execute(f"EXPLAIN (FORMAT JSON) {sql}").fetchall()
        waiting = [node for _, plan in plans for node in json.loads(plan)]
        scans = []
        while waiting:
            node = waiting.pop()
            waiting += node.get("children", [])
            info = node.get("extra_info", {})
            if "Table" in info:
                read = info.get("Projections", [])
                columns = {read} if isinstance(read, str) else set(read)
                name = info["Table"].replace('"', "").removeprefix("memory.").removeprefix("main.")
                scans.append((name, {column.strip('"') for column in columns if column}))
        return scans
