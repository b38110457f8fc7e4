"""Entities that a datasource's plugin brings, joined to the layer that files declare."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from atlas.semantic.entities import Entity
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.references import broken_references, with_full_references
from atlas.semantic.yaml_text import read_document

# What databases and other systems call the types of columns.
TYPES = {"string": "category", "integer": "number", "timestamp": "date", "datetime": "date"}


def with_contributed(
    layer: SemanticLayer, drafts: Iterable[tuple[str, str]]
) -> tuple[SemanticLayer, list[str]]:
    """Return the layer with the entities given as (name, YAML), and what was left out and why.

    A file's entity of the same name wins. Dimensions may be a list, or a mapping by column.
    """
    entities, warnings = list(layer.entities), []
    for name, text in drafts:
        try:
            entity = _entity(name, text)
            if any(known.name == entity.name for known in entities):
                raise ValueError("it is declared already")
            _check(layer.model_copy(update={"entities": (*entities, entity)}))
        except ValueError as error:
            warnings.append(f"The plugin's entity {name!r} is left out: {_reason(error)}.")
        else:
            entities.append(entity)
    return layer.model_copy(update={"entities": tuple(entities)}), warnings


def _entity(name: str, text: str) -> Entity:
    document = read_document(text)
    if document.faults:
        line, message = document.faults[0]
        raise ValueError(f"line {line}: {message}")
    if not isinstance(document.data, dict):
        raise ValueError("its YAML must be a mapping")
    data: dict[str, Any] = {"name": name, **document.data}
    data["dimensions"] = _dimensions(data.get("dimensions"))
    schema, dot, table = str(data.get("table") or name).rpartition(".")
    data["table"] = table
    if dot:
        data.setdefault("schema_name", schema)
    data.setdefault("primary_key", _key(data["dimensions"]))
    return with_full_references(Entity.model_validate(data))


def _dimensions(given: Any) -> list[Any]:
    if isinstance(given, Mapping):
        given = [{"name": key, **(item or {})} for key, item in given.items()]
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise ValueError("its dimensions must be a list or a mapping by column")
    return [_dimension(item) for item in given]


def _dimension(item: dict[str, Any]) -> dict[str, Any]:
    kind = item.get("type", "category")
    return {"sql": item.get("name"), **item, "type": TYPES.get(kind, kind)}


def _key(dimensions: list[dict[str, Any]]) -> list[str]:
    columns = [str(item["sql"]) for item in dimensions]
    return ["id"] if "id" in columns else columns[:1]


def _check(layer: SemanticLayer) -> None:
    last = ("entities", len(layer.entities) - 1)
    findings = [one for one in broken_references(layer) if one.path[:2] == last]
    if findings:
        raise ValueError(findings[0].message)


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{place}: {first['msg']}".removeprefix(": ").rstrip(".")
    return str(error).rstrip(".")
