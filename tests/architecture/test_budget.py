"""The size budget: short files, short functions. Files that only list data are named here."""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
DATA_FILES = {"atlas/sql/dialects/postgres.py"}


def _files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "atlas/*.py", "approvals/*.py", "plugins_app/*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [name for name in listed.stdout.split() if "/migrations/" not in name]
    assert names, "the budget must look at something"
    return [name for name in names if (ROOT / name).exists()]


def test_files_are_short() -> None:
    lines = {name: len((ROOT / name).read_text().splitlines()) for name in _files()}

    over = {n: c for n, c in lines.items() if c > MAX_FILE_LINES and n not in DATA_FILES}
    assert over == {}
    counts = sorted(lines.values())
    assert counts[len(counts) // 2] <= 120


def test_functions_are_short() -> None:
    over = {}
    for name in _files():
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    over[f"{name}:{node.name}"] = length
    assert over == {}
