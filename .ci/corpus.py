"""Writes the TPC-H and TPC-DS queries and a little data for tests/sql: python3 .ci/corpus.py

They come from DuckDB's extensions, which are installed into an environment of their own that is
removed again. The texts belong to the Transaction Processing Performance Council, so they are
written where git does not look, and nothing of them is part of Atlas.
"""

import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "sql" / "corpus" / "tpc"
PACKAGES = ("duckdb==1.5.5", "duckdb-extension-tpch==1.5.5", "duckdb-extension-tpcds==1.5.5")
GENERATORS = {"tpch": "dbgen", "tpcds": "dsdgen"}
SCALE = 0.01


def main() -> int:
    """Make the environment and write with it; returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="atlas-corpus-") as name:
        environment = pathlib.Path(name)
        venv.create(environment, with_pip=True)
        python = environment / "bin" / "python"
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for command in ([*install, *PACKAGES], [python, __file__, "write"]):
            if code := subprocess.call(command):  # noqa: S603 - pip and this file
                return code
    return 0


def write() -> int:
    """Write every suite; runs in the environment that has the extensions."""
    for suite, generator in GENERATORS.items():
        folder = FOLDER / suite
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        queries = write_suite(suite, generator, folder)
        print(f"{suite}: {queries} queries in {folder.relative_to(ROOT)}")
    return 0


def write_suite(suite: str, generator: str, folder: pathlib.Path) -> int:
    """The queries as 01.sql and so on, the tables as Parquet, their columns as tables.json."""
    import duckdb  # noqa: PLC0415 - only the environment of its own has it

    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    connection.execute(f"LOAD '{extension(suite)}'")
    connection.execute(f"CALL {generator}(sf = {SCALE})")
    tables = {}
    for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
        tables[table] = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
        target = folder / f"{table}.parquet"
        connection.execute(f"COPY {table} TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    (folder / "tables.json").write_text(json.dumps(tables, indent=1) + "\n")
    queries = connection.execute(f"SELECT query_nr, query FROM {suite}_queries()").fetchall()  # noqa: S608 - DuckDB's own names
    for number, text in queries:
        (folder / f"{number:02}.sql").write_text(text.strip() + "\n")
    return len(queries)


def extension(suite: str) -> pathlib.Path:
    """The file of an extension, which its package holds."""
    found = importlib.util.find_spec(f"duckdb_extension_{suite}")
    if found is None or found.origin is None:
        raise SystemExit(f"The package of the extension {suite} is not installed.")
    return next(pathlib.Path(found.origin).parent.rglob("*.duckdb_extension"))


if __name__ == "__main__":
    sys.exit(write() if sys.argv[1:] == ["write"] else main())
