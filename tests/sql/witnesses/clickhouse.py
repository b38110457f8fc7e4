"""ClickHouse as witness, by chdb in a process of its own, which speaks JSON lines.

chdb has no accounts; the query tree says which tables a text names.
"""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.sql.witnesses import company
from tests.sql.witnesses.answers import Answer

_CHILD = Path(__file__).with_name("chdb_child.py")
_CODE = re.compile(r"Code: (\d+)")
_NAMED = re.compile(r"table_name: (\S+?)(?:,|$)", re.MULTILINE)
# What the engine reads where there is no FROM, and what it makes for a recursion.
_OWN, _PASSING = {"system.one"}, "_temporary_and_external_tables."
# ACCESS_DENIED, PATH_ACCESS_DENIED, DATABASE_ACCESS_DENIED, READONLY, FUNCTION_NOT_ALLOWED,
# QUERY_IS_PROHIBITED, and everything that wants a file or the network.
_DENIED = {497, 481, 291, 164, 446, 392, 107, 198, 209, 210, 76, 1000}
# Values: parsing, overflow, division, bounds, memory, dates, argument out of range, sizes.
_DATA = {6, 25, 26, 27, 36, 38, 41, 69, 70, 72, 128, 131, 135, 153, 160, 190, 241, 321, 349, 407,
         427, 441, 457, 676}  # fmt: skip
_SLOW = {159, 394}


def missing() -> str:
    """Why ClickHouse cannot be asked here, or nothing."""
    absent = importlib.util.find_spec("chdb") is None
    return "not installed: chdb-core (make test-long installs it)" if absent else ""


class ClickHouse:
    """One company in a child process."""

    def __init__(self, mark: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(_CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._ask("CREATE DATABASE analytics")
        for statement in company.statements("clickhouse", mark):
            self._ask(statement)

    def read(self, sql: str, tables: tuple[str, ...]) -> Answer:
        """Run one text; `denied` when the query tree names a table beyond `tables`."""
        named, error = self._named(sql)
        if error:
            return _failed(error)
        if named - set(tables):
            return Answer("denied", said=f"also reads {named - set(tables)}")
        reply = self._send(sql)
        return _failed(reply["error"]) if "error" in reply else Answer("rows", _rows(reply))

    def reads(self, sql: str) -> frozenset[str] | None:
        """The tables in the engine's query tree."""
        return frozenset(self._named(sql)[0])

    def as_owner(self, sql: str) -> list[str]:
        """The rows of a text as it was written, sorted; nothing is kept from it."""
        return sorted(map(repr, self._ask(sql)))

    def state(self) -> str:
        """A digest of every table, of the catalog and of the settings."""
        parts = [
            self._ask(f"SELECT * FROM {name} ORDER BY id SETTINGS max_execution_time = 60")
            for name in company.LISTED | company.UNLISTED
        ]
        # Under their own limit: a busy machine must not fail the look at what changed.
        for sql in (
            "SELECT database, name FROM system.tables WHERE database <> 'system' ORDER BY 1, 2",
            "SELECT name FROM system.functions WHERE origin <> 'System' ORDER BY 1",
            "SELECT name, value FROM system.settings WHERE changed ORDER BY 1",
            "SELECT name FROM system.databases ORDER BY 1",
        ):
            parts.append(self._ask(f"{sql} SETTINGS max_execution_time = 60"))
        return json.dumps(parts)

    def close(self) -> None:
        """End the child."""
        self._process.communicate(timeout=30)

    def _named(self, sql: str) -> tuple[set[str], str]:
        reply = self._send(f"EXPLAIN QUERY TREE run_passes = 1 {sql}")
        if "error" in reply:
            return set(), reply["error"]
        text = "\n".join(str(row[0]) for row in _rows(reply))
        stored = [name for name in _NAMED.findall(text) if "." in name and name not in _OWN]
        return {n.removeprefix("default.") for n in stored if not n.startswith(_PASSING)}, ""

    def _ask(self, sql: str) -> Any:
        reply = self._send(sql)
        if "error" in reply:
            raise RuntimeError(f"{sql}: {reply['error']}")
        return _rows(reply)

    def _send(self, sql: str) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(sql).encode() + b"\n")
        stdin.flush()
        reply: dict[str, Any] = json.loads(stdout.readline())
        return reply


def _rows(reply: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(tuple(row) for row in reply["rows"])


def _failed(error: str) -> Answer:
    found = _CODE.search(error)
    code = int(found[1]) if found else 0
    said = error[:300]
    if code in _DENIED:
        return Answer("denied", said=said)
    if code in _SLOW:
        return Answer("slow", said=said)
    return Answer("data" if code in _DATA else "refused", said=said)
