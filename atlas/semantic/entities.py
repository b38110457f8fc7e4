"""The parts of a semantic layer: entities, dimensions, measures, joins, metrics and terms."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from atlas.semantic.base import Frozen
from atlas.semantic.query import Direction, Query

DimensionType = Literal["category", "number", "date", "boolean", "text", "id"]
Aggregation = Literal["sum", "avg", "min", "max", "count", "count_distinct", "expression"]
Format = Literal["money", "number", "integer", "percent", "days", "plain"]
Cardinality = Literal["many_to_one", "one_to_many", "one_to_one"]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Ref = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _text_keys(value: Any) -> Any:
    """YAML reads a bare `true` as a boolean; here keys are always text."""
    if not isinstance(value, Mapping):
        return value
    return {str(k).lower() if isinstance(k, bool) else str(k): v for k, v in value.items()}


Phrases = Annotated[tuple[str, ...], BeforeValidator(_listed)]
PhrasesByText = Annotated[dict[str, Phrases], BeforeValidator(_text_keys)]


class Labelled(Frozen):
    """Something with a name, the label people read, and other words people use for it."""

    name: Name
    label: str = ""
    synonyms: Phrases = ()
    description: str = ""

    @model_validator(mode="before")
    @classmethod
    def _label_from_name(cls, data: Any) -> Any:
        if (
            isinstance(data, Mapping)
            and not data.get("label")
            and isinstance(data.get("name"), str)
        ):
            return {**data, "label": data["name"].replace("_", " ").capitalize()}
        return data


class Dimension(Labelled):
    """A column, or an expression over one table's columns, to group, filter or show by.

    `sql` uses unqualified columns of the entity's own table. `values`: a fixed list, "from_db"
    (read at each refresh) or None (values are not linked). `phrases` of a boolean: words for
    "true" and for "false". `value_synonyms`: stored value -> other words for it. Format "plain" is
    for numbers that name things, such as years; it is the format of ids.
    """

    sql: str
    type: DimensionType = "category"
    phrases: PhrasesByText = Field(default_factory=dict)
    values: tuple[str, ...] | Literal["from_db"] | None = None
    value_synonyms: PhrasesByText = Field(default_factory=dict)
    priority: int = 0
    format: Format | None = None
    hidden: bool = False

    @property
    def shown_as(self) -> Format | None:
        """The declared format, or "plain" for an id."""
        return self.format or ("plain" if self.type == "id" else None)


class Measure(Labelled):
    """An aggregate over one table's rows.

    `sql` is the expression inside the aggregate (empty for a count of rows); with agg
    "expression" it already holds its aggregates. `filter` is a fixed condition on the rows.
    `additive`: parts sum to the whole. Measures of one `family` mean the same at another grain.
    """

    sql: str = ""
    agg: Aggregation = "sum"
    format: Format = "number"
    verbs: Phrases = ()
    filter: str | None = None
    additive: bool = True
    family: str | None = None

    @model_validator(mode="after")
    def _needs_sql(self) -> "Measure":
        if not self.sql and self.agg != "count":
            raise ValueError(f"measure {self.name} needs sql")
        return self


class Join(Frozen):
    """A declared edge to another entity; `keys` maps own columns to the other's columns."""

    to: Name
    keys: dict[str, str] = Field(min_length=1)
    cardinality: Cardinality = "many_to_one"


class Entity(Labelled):
    """A described table. `grain` says what one row is ("one order").

    `default_time` and `default_measure` may point to another entity ("orders.order_date").
    `snapshot`: rows say how things are now, so there is no history and no trend.
    `label_column` is the dimension that names a row; `list_columns` are shown in lists and may
    be of other entities ("customers.company_name"). `verbs`: a row happening ("order", "buy").
    """

    table: str
    schema_name: str | None = None
    primary_key: Annotated[tuple[str, ...], BeforeValidator(_listed)]
    grain: str = ""
    default_time: Ref | None = None
    default_measure: Ref | None = None
    snapshot: bool = False
    label_column: Name | None = None
    list_columns: tuple[Ref, ...] = ()
    verbs: Phrases = ()
    dimensions: tuple[Dimension, ...] = ()
    measures: tuple[Measure, ...] = ()
    joins: tuple[Join, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _own_parts_in_full(cls, data: Any) -> Any:
        """Parts of this entity may be named alone; they are stored as "entity.part"."""
        if not isinstance(data, Mapping) or not isinstance(data.get("name"), str):
            return data
        full = dict(data)
        for key in ("default_time", "default_measure"):
            full[key] = _in_full(data["name"], data.get(key))
        listed = data.get("list_columns")
        if isinstance(listed, (list, tuple)):
            full["list_columns"] = [_in_full(data["name"], item) for item in listed]
        return full


def _in_full(entity: str, ref: Any) -> Any:
    return f"{entity}.{ref}" if isinstance(ref, str) and "." not in ref else ref


class Metric(Labelled):
    """A figure over measures: `numerator` / `denominator`, or an `expression` over
    "entity.measure" names such as `order_lines.revenue / orders.order_count`."""

    numerator: Ref | None = None
    denominator: Ref | None = None
    expression: str | None = None
    format: Format = "number"

    @model_validator(mode="after")
    def _ratio_or_expression(self) -> "Metric":
        ratio = self.numerator is not None and self.denominator is not None
        if ratio == (self.expression is not None):
            raise ValueError(
                f"metric {self.name} needs numerator and denominator, or an expression"
            )
        return self


class Choice(Frozen):
    """One meaning of an ambiguous word; `phrase` takes the word's place in the question."""

    label: str
    phrase: str


class Term(Frozen):
    """A glossary entry: a definition to show, a word to ask about, or one the data cannot answer.

    `phrase` of a defined term is read in place of the term (None: the term only explains).
    """

    term: str
    status: Literal["defined", "ambiguous", "unsupported"] = "defined"
    synonyms: Phrases = ()
    definition: str = ""
    phrase: str | None = None
    options: tuple[Choice, ...] = Field(default=(), max_length=5)
    reason: str = ""

    @model_validator(mode="after")
    def _fits_its_status(self) -> "Term":
        if self.status == "ambiguous" and len(self.options) < 2:
            raise ValueError(f"ambiguous term {self.term} needs at least two options")
        if self.status == "unsupported" and not self.reason:
            raise ValueError(f"unsupported term {self.term} needs a reason")
        return self


class Adjective(Frozen):
    """A superlative or adjective that orders by a measure or dimension ("cheapest").

    `entity` limits it to questions about that entity (None: any).
    """

    word: str
    synonyms: Phrases = ()
    by: Ref
    direction: Direction = "desc"
    entity: Name | None = None


class Example(Frozen):
    """A question that works, with its query: shown as a suggestion and run as a test."""

    question: str
    query: Query


class Source(Frozen):
    """Where the data lives. `as_of`: "now", a day as YYYY-MM-DD, or max(entity.dimension)."""

    datasource: str = "demo"
    as_of: str = "now"
    currency: str = "USD"
    timezone: str = "UTC"
