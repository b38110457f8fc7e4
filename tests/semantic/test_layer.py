"""The layer: strict models, look-ups, the catalog for the guard, and a stable digest."""

from typing import Any

import pytest
from pydantic import ValidationError

from atlas.semantic.entities import Adjective, Dimension, Entity, Measure, Metric, Term
from atlas.semantic.layer import SemanticLayer, columns_in
from atlas.sql.types import Table
from tests.analyst.layer import LAYER

SHOPS: dict[str, Any] = {
    "name": "shops",
    "table": "Shops",
    "schema_name": "public",
    "primary_key": "id",
    "default_time": "opened",
    "list_columns": ["opened", "towns.name"],
    "dimensions": [
        {"name": "opened", "sql": "opened_at::date", "type": "date"},
        {"name": "is_big", "sql": 'area > 100 AND NOT "Closed"', "type": "boolean",
         "phrases": {True: "big", False: ["small"]}},
    ],
    "measures": [{"name": "area", "sql": "area", "filter": "Kind = 'x'"}],
    "joins": [{"to": "towns", "keys": {"town_id": "town_no"}}],
}  # fmt: skip
TOWNS: dict[str, Any] = {
    "name": "towns", "table": "towns", "schema_name": "public", "primary_key": ["no", "land"],
}  # fmt: skip


def layer(*entities: dict[str, Any], **rest: Any) -> SemanticLayer:
    return SemanticLayer.model_validate({"entities": entities, **rest})


def test_the_catalog_holds_the_physical_columns_of_all_expressions() -> None:
    catalog = layer(SHOPS, TOWNS).catalog()

    assert catalog.default_schema == "public"
    assert catalog.tables == (
        Table("public", "Shops", frozenset({"id", "opened_at", "area", "Closed", "kind",
                                            "town_id"})),
        Table("public", "towns", frozenset({"no", "land", "town_no"})),
    )  # fmt: skip


def test_two_entities_over_one_table_share_their_columns() -> None:
    other = {"name": "stores", "table": "Shops", "schema_name": "public", "primary_key": "code"}

    (table,) = layer({**SHOPS, "joins": []}, other).catalog().tables

    assert table.columns is not None
    assert {"id", "code"} <= set(table.columns)


def test_parts_may_be_named_alone_and_are_stored_in_full() -> None:
    shops = layer(SHOPS, TOWNS).entity("shops")

    assert shops is not None
    assert shops.default_time == "shops.opened"
    assert shops.list_columns == ("shops.opened", "towns.name")
    assert shops.primary_key == ("id",)


def test_yaml_booleans_are_keys_and_single_phrases_are_lists() -> None:
    dimension = layer(SHOPS, TOWNS).dimension("shops.is_big")

    assert dimension is not None
    assert dimension.phrases == {"true": ("big",), "false": ("small",)}
    assert dimension.label == "Is big"


def test_every_entity_can_be_counted() -> None:
    count = layer(TOWNS).measure("towns.count")

    assert count is not None
    assert (count.agg, count.label, count.format) == ("count", "Number of towns", "integer")


def test_it_is_the_same_after_json_and_its_digest_tells_changes() -> None:
    again = SemanticLayer.model_validate_json(LAYER.to_json())
    changed = LAYER.model_copy(update={"values": {}})

    assert again == LAYER
    assert again.digest == LAYER.digest
    assert changed.digest != LAYER.digest
    assert len(LAYER.digest) == 64


def test_a_copy_looks_into_its_own_parts() -> None:
    before = layer(SHOPS, TOWNS)
    assert before.entity("shops") is not None

    after = before.model_copy(update={"entities": before.entities[1:]})

    assert after.entity("shops") is None
    assert after.dimension("shops.opened") is None


@pytest.mark.parametrize(
    ("model", "data", "said"),
    [
        (Entity, {"name": "x", "table": "x", "primary_key": "id", "colour": 1}, "colour"),
        (Entity, {"name": "Bad Name", "table": "x", "primary_key": "id"}, "name"),
        (Measure, {"name": "x", "agg": "sum"}, "needs sql"),
        (Metric, {"name": "x"}, "numerator and denominator"),
        (Metric, {"name": "x", "numerator": "a.b", "denominator": "a.c", "expression": "1"},
         "numerator and denominator"),
        (Term, {"term": "x", "status": "ambiguous"}, "at least two options"),
        (Term, {"term": "x", "status": "unsupported"}, "needs a reason"),
        (Dimension, {"name": "x", "sql": "x", "type": "blob"}, "type"),
        (Adjective, {"word": "x", "by": "a b"}, "by"),
    ],
)  # fmt: skip
def test_mistakes_are_errors(model: Any, data: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        model.model_validate(data)


def test_errors_do_not_repeat_the_input() -> None:
    with pytest.raises(ValidationError) as caught:
        Dimension.model_validate({"name": "x", "sql": "x", "type": "secret-value"})

    assert "secret-value" not in str(caught.value)


def test_names_are_unique() -> None:
    with pytest.raises(ValidationError, match="declared twice: towns"):
        layer(TOWNS, TOWNS)


def test_nothing_can_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        LAYER.entities[0].label = "Other"  # type: ignore[misc] # that it fails is the promise


def test_an_expression_must_be_sql() -> None:
    assert columns_in('a + "B" * (SELECT 1)') == {"a", "B"}
    with pytest.raises(ValueError, match="not an SQL expression"):
        columns_in("a +* b (")
