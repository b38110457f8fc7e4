"""The one database of a datasource: opened by the first query, locked, opened anew when needed."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins_app.sdk import PluginError, require

INSTALL = 'pip install "duckdb~=1.5"'
MEMORY = ":memory:"
# The name of the file's catalog: one of the file's own name would hide a schema of that name.
CATALOG = "atlas_source"


@dataclass(frozen=True)
class Opening:
    """How the database is opened."""

    place: str
    read_only: bool
    memory_limit: str
    threads: int
    time_zone: str

    @property
    def in_memory(self) -> bool:
        """Whether there is no file."""
        return self.place == MEMORY


class Database:
    """Opens its file when it is first asked, and again after it failed or the file was replaced.

    Read-only alone stops neither `read_csv` nor `COPY TO`, so access to anything outside the file
    is switched off and the settings are locked.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._lock = threading.Lock()
        self._root: Any = None
        self._file: tuple[int, int] | None = None

    def cursor(self) -> Any:
        """A session of its own on the database; blocks while it is opened.

        Raises `MissingDriverError` without the driver, and `PluginError` without the file.
        """
        with self._lock:
            file = self._identity()
            if self._root is None or file != self._file:
                # Whoever still reads the file that was there keeps it until their query ends.
                self._root, self._file = self._open(), file
            cursor = self._root.cursor()
        if not self._opening.in_memory:
            cursor.execute(f"USE {CATALOG}")
        return cursor

    def close(self) -> None:
        """Let go of the file; the next query opens it again."""
        with self._lock:
            root, self._root = self._root, None
        if root is not None:
            root.close()

    def _identity(self) -> tuple[int, int] | None:
        if self._opening.in_memory:
            return None
        path = Path(self._opening.place)
        try:
            found = path.stat()
        except FileNotFoundError:
            raise PluginError(
                f"There is no database file {path.name}. Check the path.", sqlstate="08001"
            ) from None
        return found.st_dev, found.st_ino

    def _open(self) -> Any:
        driver, opening = require("duckdb", INSTALL), self._opening
        # A file given to connect() would be shared with whoever opened it in this process under
        # other settings; attached to a database in memory it is this datasource's own.
        root = driver.connect(
            MEMORY,
            config={
                "memory_limit": opening.memory_limit,
                "threads": opening.threads,
                "temp_directory": "",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
            },
        )
        try:
            root.execute(f"SET GLOBAL TimeZone = {_quoted(opening.time_zone)}")
            if not opening.in_memory:
                options = " (READ_ONLY)" if opening.read_only else ""
                root.execute(f"ATTACH {_quoted(opening.place)} AS {CATALOG}{options}")
            root.execute("SET enable_external_access = false")
            root.execute("SET lock_configuration = true")
        except driver.Error as error:
            root.close()
            raise PluginError(_why(str(error)), sqlstate="08001") from None
        return root


def _why(text: str) -> str:
    """Return what keeps the file from being opened, without its place."""
    if "lock on file" in text:
        return "Another process has the database file open for writing. Try again when it ended."
    if "not a valid DuckDB database" in text or "not a DuckDB database" in text:
        return "The file is no DuckDB database. Check the path."
    if "TimeZone" in text:
        return "DuckDB knows no such time zone. Check time_zone."
    if "storage version" in text or "version number" in text:
        return "The file was written by another version of DuckDB. Install that version or newer."
    return "The database file cannot be opened. Check its path and rights."


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
