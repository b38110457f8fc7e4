"""A query that may be sent: what the person asked, and the text that shows them their part."""

from dataclasses import dataclass, field

from atlas.sql.policies.masking import ResultMasks
from atlas.sql.policies.rows import Filters
from atlas.sql.types import ValidatedQuery
from plugins_app.sdk import RowClaims


@dataclass(frozen=True, slots=True)
class Cleared:
    """`query` passed the guard and is what people and the audit log read.

    `sql` is what is sent: the same query, limited to the rows that `filters` let pass. It holds
    values of claims, so it is neither shown nor recorded. `masks` say how its rows are shown.
    `claims` is what the engine's own row policies are told, where it keeps some.
    """

    query: ValidatedQuery
    sql: str
    filters: Filters = field(default_factory=Filters)
    masks: ResultMasks = field(default_factory=ResultMasks)
    claims: RowClaims | None = None
