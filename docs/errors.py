"""Gathers every error code of the product, with its sentences, from the code itself."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("atlas", "approvals", "plugins_app/host")
GUARD = "atlas/sql"
# Calls whose first argument is the code and whose next one is the sentence.
CODE_FIRST = {"RefusalError", "Rejection", "EngineFailed"}


def tables() -> str:
    """Two tables as Markdown: what refuses a query, and every other error."""
    found: dict[bool, dict[str, list[str]]] = {True: defaultdict(list), False: defaultdict(list)}
    for path in sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")):
        of_query = GUARD in path.as_posix() or path.parent.name == "datasources"
        for code, sentence in codes(ast.parse(path.read_text())):
            listed = found[of_query][code]
            if sentence and sentence not in listed:
                listed.append(sentence)
    parts = [("Errors", found[False]), ("Refused queries", found[True])]
    return "\n\n".join(f"## {title}\n\n{_table(rows)}" for title, rows in parts)


def codes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Every code in a module with the sentence beside it; empty when it is put together later."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and _name(line.targets[0]) == "code":
                    doc = (ast.get_docstring(node) or "").split("\n\n")[0]
                    yield _text(line.value), " ".join(doc.split())


def _of_call(node: ast.Call) -> Iterator[tuple[str, str]]:
    given = [word.value for word in node.keywords if word.arg == "code"]
    texts = [_text(argument) for argument in node.args]
    if given and _text(given[0]):
        named = [_text(word.value) for word in node.keywords if word.arg == "message"]
        yield _text(given[0]), next((t for t in [*texts, *named] if " " in t), "")
    elif _name(node.func) in CODE_FIRST and texts and texts[0]:
        yield texts[0], next((text for text in texts[1:] if " " in text), "")


def _text(node: ast.AST) -> str:
    """The text of a constant, template or translated text; its gaps become an ellipsis."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "…" for part in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left)
    if isinstance(node, ast.Call) and _name(node.func) in ("_", "gettext", "gettext_noop"):
        return _text(node.args[0])
    return ""


def _name(node: ast.AST) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def _table(rows: dict[str, list[str]]) -> str:
    lines = ["| code | what Atlas says |", "|---|---|"]
    for code in sorted(rows):
        said = "<br>".join(text.replace("|", "\\|") for text in rows[code])
        lines.append(f"| `{code}` | {said or '(said by whoever refused)'} |")
    return "\n".join(lines)
