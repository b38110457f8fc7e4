"""The reference plugins as a whole: one of each type, and good ones."""

from plugins_app.reference.duckdb import duckdb
from plugins_app.reference.email import email
from plugins_app.reference.mcp import mcp
from plugins_app.reference.nsjail import nsjail
from plugins_app.reference.yaml_context import yaml_context
from plugins_app.sdk import PLUGIN_TYPES
from plugins_app.sdk.grading import GRADES, grade_of


def test_there_is_a_good_reference_plugin_of_each_type(tmp_path):
    made = [
        duckdb(path=str(tmp_path / "shop.duckdb")),
        yaml_context(semantic_dir=str(tmp_path)),
        mcp(),
        email(host="127.0.0.1", sender="a@example.com", allowed_domains=["example.com"]),
        nsjail(),
    ]
    assert [plugin.types for plugin in made] == [(kind,) for kind in PLUGIN_TYPES]
    assert all(GRADES.index(grade_of(plugin)) >= GRADES.index("gold") for plugin in made)
