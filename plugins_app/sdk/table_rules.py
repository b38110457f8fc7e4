"""The rules that declared tables must keep, apart from what only the database knows."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import get_args

from plugins_app.sdk.tables import GENERATED, Field, FieldType, Reference, Table

IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")
DEFAULTS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int,),
    "bigint": (int,),
    "float": (float, int),
    "boolean": (bool,),
    "date": (str,),
}
LARGEST = {"number": 2**31, "bigint": 2**63}


def broken_tables(schema: object) -> Iterator[str]:
    """Yield what is wrong with a schema, each as a sentence without its full stop."""
    if not isinstance(schema, Mapping):
        yield "schema must be a Mapping"
        return
    for name, table in schema.items():
        if not isinstance(name, str) or not IDENTIFIER.fullmatch(name):
            yield f"schema.{name} must be lower-case letters, digits and _"
        if not isinstance(table, Table):
            yield f"schema.{name} must be a Table"
            continue
        for column, declared in table.fields.items():
            yield from _field(f"schema.{name}.{column}", column, declared)
            if isinstance(declared, Field) and declared.references is not None:
                yield from _reference(f"schema.{name}.{column}", declared, schema)


def _field(label: str, column: str, declared: object) -> Iterator[str]:
    if not isinstance(column, str) or not IDENTIFIER.fullmatch(column):
        yield f"{label} must be lower-case letters, digits and _"
    if not isinstance(declared, Field):
        yield f"{label} must be a Field"
    elif declared.type not in get_args(FieldType):
        yield f"{label}: type must be one of {', '.join(get_args(FieldType))}"
    elif declared.default is not None:
        yield from _default(label, declared)


def _default(label: str, declared: Field) -> Iterator[str]:
    given, allowed = declared.default, DEFAULTS.get(declared.type)
    if allowed is None:
        yield f"{label}: a {declared.type} cannot have a default"
    elif type(given) not in allowed:
        yield f"{label}: default must be of type {allowed[0].__name__}"
    elif declared.type == "date" and given != "now":
        yield f"{label}: default of a date must be now, or none"
    elif isinstance(given, float) and not math.isfinite(given):
        yield f"{label}: default must be a finite number"
    elif isinstance(given, int) and abs(given) >= LARGEST.get(declared.type, math.inf):
        yield f"{label}: default is too large for a {declared.type}"
    elif isinstance(given, str) and "\0" in given:
        yield f"{label}: default must not contain a NUL character"


def _reference(label: str, declared: Field, schema: Mapping[str, object]) -> Iterator[str]:
    to = declared.references
    if not isinstance(to, Reference):
        yield f"{label}: references must be a Reference"
        return
    table = schema.get(to.table)
    if not isinstance(table, Table):
        yield f"{label} references {to.table}, which is no table of this plugin"
        return
    target = Field("uuid", unique=True) if to.field == "id" else table.fields.get(to.field)
    if not isinstance(target, Field) or (to.field in GENERATED and to.field != "id"):
        yield f"{label} references {to.table}.{to.field}, which is no field of that table"
    elif not target.unique:
        yield f"{label} references {to.table}.{to.field}, which is not unique"
    elif target.type != declared.type:
        yield f"{label} must be of type {target.type}, as {to.table}.{to.field} is"
