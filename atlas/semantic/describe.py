"""The semantic layer as compact text for language models."""

import json
import re
from collections.abc import Sequence

from atlas.semantic.entities import Dimension, Entity, Measure, Metric, Term
from atlas.semantic.layer import SemanticLayer

_MOST_VALUES = 12
_MOST_CHARACTERS = 80
# What would close the tags around a value, and breaks of lines that JSON leaves as they are.
_ESCAPED = re.compile("[<\x7f-\x9f\u2028\u2029]")


def describe(layer: SemanticLayer) -> str:
    """Tables, columns, measures, joins, metrics and glossary, one line each.

    The same layer always gives the same text, so that prompts can be cached.
    """
    lines = [f"Currency: {layer.source.currency}."]
    if layer.as_of is not None:
        lines.append(f"The data reaches {layer.as_of.isoformat()}.")
    for entity in layer.entities:
        lines += ["", *_entity(layer, entity)]
    if layer.metrics:
        lines += ["", "Metrics:", *(_metric(metric) for metric in layer.metrics)]
    if layer.glossary:
        lines += ["", "Glossary:", *(_term(term) for term in layer.glossary)]
    return "\n".join(lines)


def _entity(layer: SemanticLayer, entity: Entity) -> list[str]:
    table = f"{entity.schema_name}.{entity.table}" if entity.schema_name else entity.table
    head = f"Entity {entity.name} = table {table}, key {', '.join(entity.primary_key)}"
    notes = [entity.grain, "as it is now, no history" if entity.snapshot else ""]
    notes += [f"time {entity.default_time}" if entity.default_time else "", entity.description]
    lines = [f"{head}. {'; '.join(note for note in notes if note)}".rstrip(" .") + "."]
    lines += [_dimension(layer, entity, found) for found in entity.dimensions]
    lines += [_measure(found) for found in entity.measures]
    for join in entity.joins:
        keys = ", ".join(f"{here} = {join.to}.{there}" for here, there in join.keys.items())
        lines.append(f"  join {join.to} ({join.cardinality}): {keys}")
    return lines


def _dimension(layer: SemanticLayer, entity: Entity, found: Dimension) -> str:
    text = f"  {found.name} ({found.type})"
    if found.sql != found.name:
        text += f" = {found.sql}"
    values = layer.dimension_values(f"{entity.name}.{found.name}")
    if values and found.type == "category":
        text += f" values: {_quoted(values)}"
    return text + (f": {found.description}" if found.description else "")


def _quoted(values: Sequence[str]) -> str:
    """The first values as data, since strangers may have written them: on one line, none long."""
    told = [
        value if len(value) <= _MOST_CHARACTERS else f"{value[:_MOST_CHARACTERS]}…"
        for value in values[:_MOST_VALUES]
    ]
    text = json.dumps(told, ensure_ascii=False)
    more = ", ..." if len(values) > _MOST_VALUES else ""
    return f"<data>{_ESCAPED.sub(_escaped, text)}</data>{more}"


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _measure(found: Measure) -> str:
    inner = found.sql or "*"
    sql = inner if found.agg == "expression" else f"{found.agg}({inner})"
    only = f" where {found.filter}" if found.filter else ""
    note = f": {found.description}" if found.description else ""
    return f"  measure {found.name} [{found.format}] = {sql}{only}{note}"


def _metric(metric: Metric) -> str:
    sql = metric.expression or f"{metric.numerator} / {metric.denominator}"
    note = f": {metric.description}" if metric.description else ""
    return f"  metrics.{metric.name} [{metric.format}] = {sql}{note}"


def _term(term: Term) -> str:
    if term.status == "ambiguous":
        options = ", ".join(option.label for option in term.options)
        return f"  {term.term}: AMBIGUOUS, ask which is meant: {options}"
    if term.status == "unsupported":
        return f"  {term.term}: CANNOT BE ANSWERED: {term.reason}"
    return f"  {term.term}: {term.definition or term.phrase or ''}"
