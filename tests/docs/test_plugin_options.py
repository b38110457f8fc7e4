"""The options of the plugins that come with Atlas are listed as they are."""

import re
from pathlib import Path

import pytest

from plugins_app.builtin import postgres, virtual_shell
from plugins_app.builtin.glossary import plugin as glossary
from plugins_app.builtin.ticket import plugin as ticket
from plugins_app.reference.duckdb import plugin as duckdb
from plugins_app.reference.email import plugin as email
from plugins_app.reference.mysql import plugin as mysql

PAGE = Path(__file__).resolve().parents[2] / "docs" / "admin" / "plugins.md"
MODULES = {
    "postgres": postgres,
    "virtual_shell": virtual_shell,
    "ticket": ticket,
    "glossary": glossary,
    "email": email,
    "duckdb": duckdb,
    "mysql": mysql,
}


@pytest.mark.parametrize("name", MODULES)
def test_every_option_is_listed_and_no_other(name: str) -> None:
    section = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", PAGE.read_text(), re.M | re.S)
    assert section

    listed = re.findall(r"^\| `(\w+)` \|", section[1], re.MULTILINE)

    assert listed == list(MODULES[name].Config.model_fields)
