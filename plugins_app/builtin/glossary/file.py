"""Reads a glossary: `terms:` as a mapping of name to meaning, or as a list of both."""

from pathlib import Path
from typing import Any

import yaml

from plugins_app.sdk import PluginError

MAX_BYTES = 1_000_000


def read_terms(path: Path) -> dict[str, str]:
    """Return name to meaning in the file's order; raises `PluginError` naming file and line."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PluginError(f"{path.name} is larger than 1 MB.")
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PluginError(f"The glossary file {path.name} does not exist.") from None
    except (OSError, UnicodeDecodeError):
        raise PluginError(f"The glossary file {path.name} cannot be read.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise PluginError(f"{path.name} is not valid YAML{line}.") from None
    return _terms(path.name, content)


def _terms(name: str, content: Any) -> dict[str, str]:
    listed = content.get("terms") if isinstance(content, dict) else content
    if listed is None:
        return {}
    if isinstance(listed, dict):
        pairs = list(listed.items())
    elif isinstance(listed, list):
        pairs = [_pair(name, number, item) for number, item in enumerate(listed, start=1)]
    else:
        raise PluginError(f"{name}: `terms` must be a mapping or a list.")
    return {_word(name, term): _word(name, meaning) for term, meaning in pairs}


def _pair(name: str, number: int, item: Any) -> tuple[Any, Any]:
    if not isinstance(item, dict) or "term" not in item or "definition" not in item:
        raise PluginError(f"{name}: entry {number} needs `term` and `definition`.")
    return item["term"], item["definition"]


def _word(name: str, value: Any) -> str:
    if not isinstance(value, str | int | float) or not str(value).strip():
        raise PluginError(f"{name}: every term and every definition must be a text.")
    return " ".join(str(value).split())
