"""What a layer takes from its source at each refresh: the last day and the values of dimensions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from atlas.semantic.layer import SemanticLayer
from atlas.semantic.probe_sql import expression, table_of, text_of
from atlas.semantic.references import AS_OF_COLUMN

MOST_VALUES = 3_000


@dataclass(frozen=True)
class RefreshQueries:
    """Statements to run: `as_of` gives one day, each of `values` one column of text by its
    "entity.dimension"."""

    as_of: str | None = None
    values: dict[str, str] = field(default_factory=dict)


def refresh_queries(layer: SemanticLayer) -> RefreshQueries:
    """What to ask the source for; a dimension gives at most `MOST_VALUES` values and one more."""
    values = {
        f"{entity.name}.{dimension.name}": text_of(
            exp.select(exp.alias_(exp.cast(expression(dimension.sql), "text"), "value"))
            .distinct()
            .from_(table_of(entity))
            .where(exp.Not(this=exp.Is(this=expression(dimension.sql), expression=exp.Null())))
            .order_by(exp.Literal.number(1))
            .limit(MOST_VALUES + 1)
        )
        for entity in layer.entities
        for dimension in entity.dimensions
        if dimension.values == "from_db"
    }
    return RefreshQueries(_as_of_query(layer), values)


def refreshed(
    layer: SemanticLayer, *, as_of: dt.date | None, values: Mapping[str, Sequence[object]]
) -> SemanticLayer:
    """The layer with what was found; `as_of` is what that query gave, if there was one.

    A dimension with too many values is left without: linking to some of them would mislead.
    """
    kept = {
        ref: tuple(str(value) for value in found)
        for ref, found in values.items()
        if len(found) <= MOST_VALUES
    }
    return layer.model_copy(update={"as_of": as_of or _fixed_day(layer), "values": kept})


def _as_of_query(layer: SemanticLayer) -> str | None:
    named = AS_OF_COLUMN.fullmatch(layer.source.as_of)
    if named is None:
        return None
    dimension, entity = layer.dimension(named.group(1)), layer.entity(named.group(1))
    if dimension is None or entity is None:
        return None
    last = exp.cast(exp.Max(this=expression(dimension.sql)), "date")
    return text_of(exp.select(exp.alias_(last, "as_of")).from_(table_of(entity)))


def _fixed_day(layer: SemanticLayer) -> dt.date | None:
    try:
        return dt.date.fromisoformat(layer.source.as_of)
    except ValueError:
        return None
