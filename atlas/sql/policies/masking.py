"""Masking: what of a checked query's result a role sees, and the rows with that put in place."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from atlas.sql.dialects import rules_for
from atlas.sql.faults import PARSER_FAULTS
from atlas.sql.policies.lineage import Lineage
from atlas.sql.policies.masks import Masks, Shown, show
from atlas.sql.policies.restricting import tables_of
from atlas.sql.refusal import RefusalError
from atlas.sql.types import Catalog, Rejection, Table, ValidatedQuery

STAGE = "masks"


@dataclass(frozen=True, slots=True)
class ResultMasks:
    """How each column of a result is shown; `others` is how all are if their number differs."""

    columns: tuple[Shown, ...] = ()
    others: Shown = Shown()  # noqa: RUF009 - frozen

    @property
    def is_empty(self) -> bool:
        """Whether everything is shown as it is."""
        return self.others.kind == "none"

    def apply(self, rows: Sequence[Sequence[object]], key: bytes) -> list[list[object]]:
        """The rows as they may be seen."""
        if self.is_empty:
            return [list(row) for row in rows]
        return [self._row(row, key) for row in rows]

    def _row(self, row: Sequence[object], key: bytes) -> list[object]:
        shown = self.columns if len(self.columns) == len(row) else (self.others,) * len(row)
        return [show(value, how, key) for value, how in zip(row, shown, strict=True)]


def result_masks(
    query: ValidatedQuery, masks: Masks, role: str | None, *, catalog: Catalog
) -> ResultMasks | Rejection:
    """How the result of a query is shown to a role, or why it is not shown; never raises."""
    read = [table for table in catalog.tables if table.full_name in query.tables]
    if not any(_is_masked(table, masks, role) for table in read):
        return ResultMasks()
    try:
        rules = rules_for(query.dialect)
        tree, found = tables_of(query.sql, rules, catalog)
        for name in tree.find_all(exp.Identifier):
            name.set("this", rules.fold(name))
        shape = Lineage(masks, role, found, rules.traits.affinities).query(tree)
    except RefusalError as refused:
        return Rejection(refused.code, STAGE, refused.message, refused.offending)
    except (RecursionError, *PARSER_FAULTS) as fault:
        message = "What is masked in this query could not be told, so it was not run."
        return Rejection("guard_fault", STAGE, message, type(fault).__name__)
    if shape.all().kind == "none":
        return ResultMasks()
    columns = () if shape.uncounted else tuple(output.shown for output in shape.outputs)
    return ResultMasks(columns, Shown(shape.all().kind, False))


def _is_masked(table: Table, masks: Masks, role: str | None) -> bool:
    columns = table.columns
    if columns is None:
        columns = frozenset(name for mask in masks.masks for name in mask.columns)
    return any(masks.kind_of(table, column, role) != "none" for column in columns)
