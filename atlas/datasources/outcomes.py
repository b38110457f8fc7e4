"""How asking a datasource ends: with rows, a refusal, a wait for approval, or a failure."""

from dataclasses import dataclass
from uuid import UUID

from atlas.common.jsonable import JSON
from atlas.sql.types import Rejection


@dataclass(frozen=True, slots=True)
class QueryOutcome:
    """Rows as JSON-safe values, in the order of `columns`, kept under `result_id`.

    `truncated` says that there was more; `sql` is the text that was sent.
    """

    result_id: UUID
    columns: list[str]
    rows: list[list[JSON]]
    row_count: int
    truncated: bool
    ms: int
    sql: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was sent to the datasource."""

    rejection: Rejection


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """The datasource did not answer; `message` holds no value and no address.

    `retryable` says that the same query may work later. `line` and `column` count from 1 and say
    where in the text that was sent the engine stumbled; 0 when it did not say.
    """

    code: str
    message: str
    retryable: bool
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class NeedsApproval:
    """Nothing was sent: somebody must approve exactly `final_sql` first.

    `reasons` are sentences for the card, one for each of the operator's `policies`. `asked_sql`
    is the text that led to it, which must lead to it again when it runs.
    """

    asked_sql: str
    final_sql: str
    reasons: tuple[str, ...]
    policies: tuple[str, ...]
    admin_only: bool
    tables: tuple[str, ...] = ()
