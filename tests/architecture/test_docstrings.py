"""Whoever calls the SDK or a door finds its promise beside it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOORS = (
    "approvals/services.py",
    "approvals/transitions.py",
    "approvals/policies.py",
    "approvals/rules/tightening.py",
    "atlas/accounts/services.py",
    "atlas/accounts/api_keys.py",
    "atlas/audit/record.py",
    "atlas/common/db.py",
    "atlas/common/errors.py",
    "atlas/conversations/services.py",
    "atlas/datasources/query.py",
    "atlas/events/feed.py",
    "atlas/events/writer.py",
    "atlas/sandbox/explore.py",
    "atlas/sql/pipeline.py",
    "atlas/sql/types.py",
    "plugins_app/host/lifecycle.py",
)
Named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[str]:
    found = [path.relative_to(ROOT) for path in (ROOT / "plugins_app" / "sdk").glob("*.py")]
    return sorted([*(path.as_posix() for path in found), *DOORS])


def public(tree: ast.Module) -> Iterator[tuple[str, ast.Module | Named]]:
    """The module, its public functions and classes, and the public methods of those."""
    yield "the module", tree
    for node in tree.body:
        if not isinstance(node, Named) or node.name.startswith("_"):
            continue
        yield node.name, node
        for inner in node.body if isinstance(node, ast.ClassDef) else []:
            if isinstance(inner, Named) and not inner.name.startswith("_"):
                yield f"{node.name}.{inner.name}", inner


@pytest.mark.parametrize("module", modules())
def test_every_public_name_says_what_it_promises(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text())

    assert [name for name, node in public(tree) if not ast.get_docstring(node)] == []
