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
    for path in sorted((ROOT / "approvals").rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "by" in {
                argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)
            }:
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found.setdefault(module, set()).add(node.name)
    return found


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """What a file imports: each module with a name of it, or with "" for all of it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module, alias.name
                yield f"{node.module}.{alias.name}", ""
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def test_the_doors_are_found():
    found = doors()

    assert {"approve", "reject", "withdraw"} <= found["approvals.services"]
    assert {"approve_with_changes", "roll_back", "mark", "ask_again", "halt"} <= set().union(
        *found.values()
    )


def test_nothing_that_speaks_with_a_model_imports_a_door_to_decisions():
    closed = doors()
    files = [path for folder in SPEAKING for path in sorted((ROOT / folder).rglob("*.py"))]
    assert files

    through = [
        f"{path.relative_to(ROOT)}: {module}.{name or '*'}"
        for path in files
        for module, name in imported(path)
        if module in closed and (not name or name in closed[module])
    ]

    assert through == []
