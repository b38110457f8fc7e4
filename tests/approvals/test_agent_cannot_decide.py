"""What speaks with a model has no way to a decision: it may propose, and read what became of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEAKING = (
    "atlas/agent",
    "atlas/analyst",
    "atlas/runner",
    "plugins_app/builtin",
    "plugins_app/local",
    "plugins_app/reference",
    "plugins_app/sdk",
)


def doors() -> dict[str, set[str]]:
    """Functions of the approvals that act by a person's right, by their module."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "approvals").glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "by" in {
                argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)
            }:
                found.setdefault(path.stem, set()).add(node.name)
    return found


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Modules of the approvals that a file imports, each with a name or "" for all of it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "approvals":
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("approvals."):
            yield from ((node.module.split(".")[1], alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            parts = [alias.name.split(".") for alias in node.names]
            yield from ((part[1], "") for part in parts if part[0] == "approvals" and part[1:])


def test_the_doors_are_found():
    found = doors()

    assert {"approve", "reject", "withdraw"} <= found["services"]
    assert {"approve_with_changes", "roll_back", "mark", "ask_again", "halt"} <= set().union(
        *found.values()
    )


def test_nothing_that_speaks_with_a_model_imports_a_door_to_decisions():
    closed = doors()
    files = [path for folder in SPEAKING for path in sorted((ROOT / folder).rglob("*.py"))]
    assert files

    through = [
        f"{path.relative_to(ROOT)}: approvals.{module}.{name or '*'}"
        for path in files
        for module, name in imported(path)
        if module in closed and (not name or name in closed[module])
    ]

    assert through == []
