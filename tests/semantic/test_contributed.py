"""Entities that plugins bring join the layer; what cannot be used is left out and named."""

import pytest

from atlas.semantic.contributed import with_contributed
from atlas.semantic.entities import Dimension, Entity, Source
from atlas.semantic.layer import SemanticLayer

ORDERS = Entity(
    name="orders",
    table="orders",
    primary_key=("id",),
    dimensions=(Dimension(name="id", sql="id", type="id"),),
)
LAYER = SemanticLayer(source=Source(datasource="shop"), entities=(ORDERS,))
GUIDE = "table: users\ndimensions:\n  id:\n    type: number\n"


def test_the_example_of_the_guide_joins_the_tables_that_may_be_asked():
    layer, warnings = with_contributed(LAYER, [("users", GUIDE)])
    assert warnings == []
    users = layer.entity("users")
    assert users is not None
    assert (users.table, users.primary_key) == ("users", ("id",))
    assert [table.full_name for table in layer.catalog().tables] == ["orders", "users"]
    assert LAYER.entity("users") is None


def test_types_of_databases_and_schemas_are_understood():
    text = """
        table: crm.accounts
        dimensions:
          - {name: title, type: string}
          - {name: size, type: integer}
          - {name: made, type: timestamp}
    """
    layer, warnings = with_contributed(LAYER, [("accounts", text)])
    assert warnings == []
    accounts = layer.entity("accounts")
    assert accounts is not None
    assert (accounts.schema_name, accounts.table) == ("crm", "accounts")
    assert [d.type for d in accounts.dimensions] == ["category", "number", "date"]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("orders", GUIDE, "it is declared already"),
        ("x", "- a\n- b", "its YAML must be a mapping"),
        ("x", "table: [", "line "),
        ("x", "table: t\ndimensions: 7", "its dimensions must be a list"),
        ("x", "table: t\ncolour: red\nprimary_key: id", "colour: Extra inputs are not permitted"),
        ("x", "table: t\ndimensions:\n  id: {sql: '1 +'}", "the plugin"),
        ("X Y", GUIDE, "name: "),
    ],
)
def test_what_cannot_be_used_is_left_out_and_named(name, text, reason):
    layer, warnings = with_contributed(LAYER, [(name, text), ("users", GUIDE)])
    assert [entity.name for entity in layer.entities] == ["orders", "users"]
    (warning,) = warnings
    assert warning.startswith(f"The plugin's entity {name!r} is left out: ")
    assert reason.lower() in warning.lower()
