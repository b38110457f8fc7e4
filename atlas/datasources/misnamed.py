"""Policies and masks that are about nothing: a slip of the pen would leave a table open."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from atlas.datasources.masking import masks
from atlas.datasources.row_policies import row_policies
from atlas.sql import Catalog
from atlas.sql.policies.rows import names_table


def misnamed(catalog: Catalog) -> list[str]:
    """A sentence for each table or masked column that is named and the layer does not list."""
    return [*_tables(catalog), *_columns(catalog)]


def _tables(catalog: Catalog) -> Iterable[str]:
    named = {name for policy in row_policies().policies for name in policy.tables}
    named |= {name for mask in masks().masks for name in mask.tables}
    for name in sorted(named):
        if not any(names_table(name, table) for table in catalog.tables):
            text = _("A row policy or mask names the table %(name)s, which is not in the layer.")
            yield text % {"name": name}


def _columns(catalog: Catalog) -> Iterable[str]:
    for mask in masks().masks:
        tables = [t for t in catalog.tables if any(names_table(n, t) for n in mask.tables)]
        known = {column.lower() for table in tables for column in table.columns or ()}
        is_open = any(table.columns is None for table in tables)
        for column in mask.columns:
            if tables and not is_open and column.lower() not in known:
                text = _("A mask names the column %(name)s, which none of its tables has.")
                yield text % {"name": column}
