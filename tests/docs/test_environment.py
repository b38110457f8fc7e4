"""The list of environment variables in the documentation is the one that Atlas reads."""

import re
from dataclasses import fields
from pathlib import Path

from atlas.boot import Configuration
from atlas.datasources.limits import Limits
from atlas.env import PROJECT_DIR, Environment

PAGE = PROJECT_DIR / "docs" / "admin" / "environment.md"
EXAMPLE = PROJECT_DIR / ".env.example"


def expected() -> list[tuple[str, str, str]]:
    """Name, default and description of every variable, in order."""
    rows = []
    for field in Environment.model_fields.values():
        default = field.default
        if isinstance(default, Path):
            default = default.relative_to(PROJECT_DIR)
        shown = {None: "not set", "": "not set", False: "off"}.get(default, f"`{default}`")
        rows.append((f"`{field.alias}`", shown, str(field.description)))
    return rows


def test_the_page_lists_every_variable_with_its_default() -> None:
    rows = re.findall(r"^\| (`[A-Z_]+`) \| (.*?) \| (.*) \|$", PAGE.read_text(), re.MULTILINE)

    assert rows == expected()


def test_the_example_file_lists_every_variable() -> None:
    text = EXAMPLE.read_text()
    names = re.findall(r"^#([A-Z_]+)=", text, re.MULTILINE)

    assert names == [str(field.alias) for field in Environment.model_fields.values()]
    for _name, _default, description in expected():
        assert f"# {description}" in text


def test_the_page_lists_every_limit_and_every_name_of_the_operators_file() -> None:
    text = PAGE.read_text()

    for limit in fields(Limits):
        assert f"| `{limit.name}` | {limit.default} |" in text
    for part in fields(Configuration):
        name = {"datasource": "default_datasource"}.get(part.name, part.name)
        assert f"\n| `{name}` | " in text
