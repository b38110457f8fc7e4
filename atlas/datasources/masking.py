"""Masks in force in this process, and what they make of a query and its rows."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from atlas.accounts.principal import Principal
from atlas.accounts.roles import Role
from atlas.common.errors import AtlasError
from atlas.common.operators_file import chosen
from atlas.datasources.columns import as_lists
from atlas.sql import Catalog, Rejection, ValidatedQuery
from atlas.sql.policies.masks import Masks
from atlas.sql.policies.rows import names_table
from atlas.sql.types import Table
from plugins_app.sdk import QueryResult

if TYPE_CHECKING:
    from atlas.sql.policies.masking import ResultMasks

_masks = Masks()


def masks() -> Masks:
    """The masks in force in this process."""
    return _masks


def set_masks(wanted: Masks) -> None:
    """Put other masks in force; called once at start, before any query."""
    global _masks
    _masks = wanted


def chosen_masks(module: object) -> Masks:
    """The `masks` of the operator's file; raises AtlasError for anything else."""
    wanted = chosen(module, "masks", Masks())
    known = {role.value for role in Role}
    unknown = {role for mask in wanted.masks for role in mask.plain_for} - known
    if unknown:
        raise AtlasError(
            f"A mask is plain for {sorted(unknown)[0]!r}, which is none of the roles"
            f" {', '.join(sorted(known))}.",
            code="masks",
        )
    return wanted


def masks_of(
    principal: Principal, query: ValidatedQuery, catalog: Catalog
) -> "ResultMasks | Rejection":
    """How the result is shown to this person, or why the query is not run for them."""
    from atlas.sql.policies.masking import result_masks  # noqa: PLC0415 - slow import of the parser

    return result_masks(query, _masks, principal.role.value, catalog=catalog)


def masked_in_another_language(principal: Principal, query: ValidatedQuery) -> Rejection | None:
    """No column can be followed through a language that is not known here.

    A validator that names no relation leaves open what is read: any mask may be about it then.
    """
    tables = [Table(None, name, None) for name in query.tables]
    for mask in _masks.masks:
        if mask.kind == "none" or principal.role.value in mask.plain_for:
            continue
        if not tables or any(names_table(name, table) for name in mask.tables for table in tables):
            message = _(
                "Columns that this query reads are masked, which this datasource cannot do."
            )
            return Rejection("masked_unclear", "masks", message)
    return None


def hides_for_somebody(table: Table, columns: frozenset[str]) -> bool:
    """Whether one of the columns is masked for anybody at all."""
    return any(_masks.kind_of(table, column, None) != "none" for column in columns)


def masked(result: QueryResult, shown: "ResultMasks") -> QueryResult:
    """The result as its person may see it."""
    if shown.is_empty:
        return result
    rows = shown.apply(as_lists(result.columns, result.rows), _key())
    return QueryResult(result.columns, rows, result.truncated)


def _key() -> bytes:
    return salted_hmac("atlas.masks", "values", secret=settings.SECRET_KEY).digest()
