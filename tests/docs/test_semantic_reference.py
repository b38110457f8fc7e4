"""The reference of the semantic layer names every key, and its examples are one real layer."""

import re
from pathlib import Path

import pytest
import yaml

from atlas.semantic.base import Frozen
from atlas.semantic.entities import (
    Adjective,
    Choice,
    Dimension,
    Entity,
    Example,
    Join,
    Measure,
    Metric,
    Source,
    Term,
)
from atlas.semantic.loader import load_layer
from atlas.semantic.query import Query

PAGE = Path(__file__).resolve().parents[2] / "docs" / "connecting" / "semantic-layer.md"
MODELS: dict[str, type[Frozen]] = {
    "key": Source,
    "key of an entity": Entity,
    "key of a dimension": Dimension,
    "key of a measure": Measure,
    "key of a join": Join,
    "key of a metric": Metric,
    "key of a term": Term,
    "key of an option": Choice,
    "key of an adjective": Adjective,
    "key of an example": Example,
}


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    blocks = re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return dict(blocks)


def documented(heading: str) -> set[str]:
    """The keys in the table whose first column has this heading."""
    table = re.search(rf"^\| {heading} \|.*?\n\|---.*?\n(.*?)\n\n", PAGE.read_text(), re.M | re.S)
    assert table, heading
    first_cells = (line.split("|")[1] for line in table[1].splitlines())
    return {key for cell in first_cells for key in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize("heading", MODELS)
def test_every_key_is_explained_and_no_other(heading: str) -> None:
    assert documented(heading) == set(MODELS[heading].model_fields)


def test_the_keys_of_a_query_exist() -> None:
    named = re.search(r"^The keys of a query.*", PAGE.read_text(), re.M | re.S)
    assert named
    keys = set(
        re.findall(r"`(kind|entity|measures|group_by|grain|filters|time|order|limit)`", named[0])
    )

    assert len(keys) == 9
    assert keys <= set(Query.model_fields)


def test_the_examples_are_one_layer(files: dict[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    layer = load_layer(tmp_path)

    assert [entity.name for entity in layer.entities] == ["customers", "orders"]
    assert (len(layer.metrics), len(layer.glossary), len(layer.examples)) == (2, 3, 2)


@pytest.mark.parametrize("heading", MODELS)
def test_every_key_has_an_example(files: dict[str, str], heading: str) -> None:
    used: set[str] = set()
    waiting = [yaml.safe_load(text) for text in files.values()]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            used |= {str(key) for key in item}
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item

    assert set(MODELS[heading].model_fields) <= used
