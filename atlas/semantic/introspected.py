"""What a database says about its tables: the material of a first layer."""

from dataclasses import dataclass

from plugins_app.sdk import ColumnDescription as Column
from plugins_app.sdk import ForeignKeyDescription as ForeignKey
from plugins_app.sdk import TableDescription as TableFacts

__all__ = ["Column", "ForeignKey", "Introspection", "TableFacts"]


@dataclass(frozen=True)
class Introspection:
    """All readable tables of one datasource."""

    datasource: str
    tables: tuple[TableFacts, ...]
