"""What a result was made of, so that another person can be kept from what that one may not see."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from atlas.accounts.models import User
from atlas.datasources.masking import masks
from atlas.datasources.models import PastReading, StoredResult
from atlas.datasources.row_policies import claims_of_user, digest_of, row_policies
from atlas.sql.policies.masks import KINDS
from atlas.sql.policies.rows import filters_for, names_table
from atlas.sql.policies.sensitive import tells_columns
from atlas.sql.refusal import RefusalError
from atlas.sql.types import Table

if TYPE_CHECKING:
    from atlas.datasources.cleared import Cleared

Seen = dict[str, Any]


def seen_by(role: str, cleared: "Cleared") -> Seen:
    """How a person with this role saw what the query reads, as it is kept with its result.

    `columns` is None where a dialect does not tell each of them.
    """
    query = cleared.query
    columns = list(query.columns) if tells_columns(query.dialect) else None
    masked = {
        name: kind for name, kind in masked_columns(role, query.tables, columns) if kind != "none"
    }
    return {
        "tables": list(query.tables),
        "columns": columns,
        "claims": digest_of(cleared.filters.claims),
        "masked": masked,
    }


def seen_in(conversation_id: UUID | None) -> list[Seen]:
    """What the results of a conversation were made of, each kind once, kept or not any more."""
    if conversation_id is None:
        return []
    results = StoredResult.objects.filter(conversation_id=conversation_id)
    kept = list(results.order_by("created_at").values_list("seen", flat=True))
    # Afterwards, so that what is deleted meanwhile is found in one of both.
    gone = PastReading.objects.filter(conversation=conversation_id).order_by("pk")
    found: list[Seen] = []
    for seen in [*gone.values_list("seen", flat=True), *kept]:
        if seen and seen not in found:
            found.append(seen)
    return found


def hides_anything() -> bool:
    """Whether any row policy or mask could keep something from somebody."""
    return bool(row_policies().policies or masks().masks)


def may_see(viewer: User, seen: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the person would be shown all of it: the same rows, and no column more masked."""
    if not hides_anything():
        return True
    claims = claims_of_user(viewer) if viewer.is_active else None
    return all(_sees(viewer.as_role.value, claims, one) for one in seen)


def _sees(role: str, claims: Mapping[str, object] | None, seen: Mapping[str, Any]) -> bool:
    try:
        filters = filters_for(row_policies(), claims, map(Table.named, seen["tables"]))
    except RefusalError:
        return False
    if digest_of(filters.claims) != seen["claims"]:
        return False
    then = seen["masked"]
    return all(
        KINDS.index(kind) <= KINDS.index(then.get(name, "none"))
        for name, kind in masked_columns(role, seen["tables"], seen["columns"])
    )


def masked_columns(
    role: str | None, tables: Iterable[str], columns: Iterable[str] | None
) -> Iterator[tuple[str, str]]:
    """Each column of the tables that a mask names, as table.column, and how the role sees it."""
    read = None if columns is None else {name.lower() for name in columns}
    for table in map(Table.named, tables):
        for mask in masks().masks:
            if not any(names_table(name, table) for name in mask.tables):
                continue
            for column in mask.columns:
                name = f"{table.name}.{column}".lower()
                if read is None or name in read:
                    yield name, masks().kind_of(table, column, role)
