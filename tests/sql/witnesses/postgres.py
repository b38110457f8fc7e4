"""PostgreSQL as witness: a role for each set of tables, with their listed columns only."""

import json
from typing import Any

import psycopg

from tests.sql.witnesses.answers import Answer
from tests.sql.world import CATALOG, SCHEMA

SECONDS = 2
_TABLES = tuple(table.full_name for table in CATALOG.tables)
_DENIED = ("42501", "25006")
_SLOW = ("57014", "55P03")
# Values, rows, sizes and memory; the text itself was understood.
_DATA = ("21", "22", "53", "54")
# What a SELECT of listed tables never leaves: a transaction number, a lock beyond reading.
_TRACES = (
    "SELECT pg_current_xact_id_if_assigned()::text, (SELECT string_agg(locktype || mode, ',')"
    " FROM pg_locks WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock'"
    " AND locktype <> 'virtualxid'), (SELECT md5(string_agg(name || setting, ',' ORDER BY name))"
    " FROM pg_settings WHERE name NOT IN ('session_authorization', 'role', 'is_superuser',"
    " 'transaction_isolation'))"
)


class PostgreSQL:
    """One company in a database of its own of the session's cluster."""

    def __init__(self, cluster: Any, mark: int) -> None:
        self._cluster, self._name, self._prefix = cluster, f"witness_{mark}", f"witness{mark}_"
        with cluster.superuser("postgres") as superuser:
            superuser.execute(f"CREATE DATABASE {self._name} TEMPLATE template0 ENCODING 'UTF8'")
        self._owner, self._reader = cluster.superuser(self._name), cluster.superuser(self._name)
        self._owner.execute(SCHEMA.encode())
        for table, columns in {
            "customers": "email = :t",
            "employees": "salary = :n",
            "products": "cost = :n",
            "orders": "margin = :n, name = :t",
            "order_lines": "price = :n",
            "secrets": "secret = :t",
            '"Orders"': "secret = :t",
            "audit.orders": "secret = :t",
        }.items():
            values = columns.replace(":t", f"'canary{mark}'").replace(":n", str(770_000 + mark))
            self._owner.execute(f"UPDATE {table} SET {values}".encode())
        for connection in (self._owner, self._reader):
            connection.execute("SET search_path = ''")
        self._reader.execute(f"SET statement_timeout = '{SECONDS}s'")
        self._roles: set[int] = set()
        self._left: list[str] = []
        # Who is no superuser sees fewer settings.
        self._reader.execute(f"SET SESSION AUTHORIZATION {self._role(())}".encode())
        self._before = self._traces()
        self._reader.execute("RESET SESSION AUTHORIZATION")

    def read(self, sql: str, tables: tuple[str, ...]) -> Answer:
        """Run one text as a role that may read listed columns of `tables` only."""
        role = self._role(tables)
        self._reader.execute(f"SET SESSION AUTHORIZATION {role}".encode())
        self._reader.execute("BEGIN")
        try:
            rows = tuple(self._reader.execute(sql.encode(), prepare=True).fetchall())
            traces = self._traces()
            if traces != self._before:
                self._left.append(f"{sql}: {traces}")
            return Answer("rows", rows)
        except psycopg.Error as error:
            return _failed(error)
        finally:
            self._reader.execute("ROLLBACK")
            self._reader.execute("RESET SESSION AUTHORIZATION")

    def reads(self, sql: str) -> frozenset[str] | None:
        """The tables in the plan; the planner may have dropped some."""
        try:
            row = self._owner.execute(f"EXPLAIN (VERBOSE, FORMAT JSON) {sql}".encode()).fetchone()
        except psycopg.Error:
            return None
        plan = json.dumps(row)
        waiting, found = [json.loads(plan)], set()
        while waiting:
            part = waiting.pop()
            if isinstance(part, list):
                waiting += part
            elif isinstance(part, dict):
                waiting += part.values()
                if "Relation Name" in part:
                    found.add(f"{part['Schema']}.{part['Relation Name']}")
        return frozenset(found)

    def state(self) -> str:
        """A digest of every table and of the catalog, and what texts left behind."""
        tables = [*(f'{t.schema}."{t.name}"' for t in CATALOG.tables), "public.secrets"]
        parts = [
            self._owner.execute(f"SELECT md5(string_agg(t::text, ',')) FROM {name} t".encode())
            for name in [*tables, 'public."Orders"', "audit.orders"]
        ]
        parts.append(self._owner.execute("SELECT count(*), max(oid::int) FROM pg_class"))
        parts.append(self._owner.execute("SELECT count(*) FROM pg_largeobject_metadata"))
        return repr([part.fetchall() for part in parts]) + repr(self._left)

    def close(self) -> None:
        """Drop the database and its roles."""
        self._owner.close()
        self._reader.close()
        with self._cluster.superuser("postgres") as superuser:
            superuser.execute(f"DROP DATABASE {self._name}")
            for number in self._roles:
                superuser.execute(f"DROP ROLE {self._prefix}{number}".encode())

    def _traces(self) -> Any:
        return self._reader.execute(_TRACES, prepare=True).fetchone()

    def _role(self, tables: tuple[str, ...]) -> str:
        number = sum(1 << at for at, name in enumerate(_TABLES) if name in tables)
        role = f"{self._prefix}{number}"
        if number not in self._roles:
            self._roles.add(number)
            self._owner.execute(f"CREATE ROLE {role}".encode())
            self._owner.execute(f"GRANT USAGE ON SCHEMA public, sales TO {role}".encode())
            for at, table in enumerate(CATALOG.tables):
                if number >> at & 1:
                    columns = ", ".join(f'"{column}"' for column in table.columns or ())
                    listed = f" ({columns})" if columns else ""
                    name = f'{table.schema}."{table.name}"'
                    self._owner.execute(f"GRANT SELECT{listed} ON {name} TO {role}".encode())
        return role


def _failed(error: psycopg.Error) -> Answer:
    state = error.sqlstate or ""
    said = f"{state} {error}"
    if state in _DENIED:
        return Answer("denied", said=said)
    if state in _SLOW:
        return Answer("slow", said=said)
    return Answer("data" if state.startswith(_DATA) else "refused", said=said)
