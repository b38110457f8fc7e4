"""Sensitive queries: which queries a person must approve before they run; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from atlas.sql.policies.rows import PolicyError, check_names, names_table
from atlas.sql.refusal import RefusalError
from atlas.sql.types import Table, ValidatedQuery


@dataclass(frozen=True, slots=True)
class SensitiveQuery:
    """A query that reads one of `columns` of one of `tables` and costs at least `cost`.

    What is not given is not asked: without `tables` any table counts, without `columns` any
    column, without `cost` any cost. Tables are named as in a row policy; the cost is the engine's
    own estimate. `admin_only` lets only admins approve.
    """

    name: str
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cost: float | None = None
    admin_only: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise PolicyError("A policy for sensitive queries needs a name, which the card says.")
        owner = f"sensitive query {self.name}"
        if self.tables:
            check_names(owner, self.tables)
        if not isinstance(self.columns, tuple | list) or not all(
            isinstance(column, str) and column.strip() for column in self.columns
        ):
            raise PolicyError(f"The columns of the {owner} must be a tuple of names.")
        if self.columns and not self.tables:
            raise PolicyError(f"The {owner} names columns; name their tables too.")
        _check_cost(owner, self.cost)
        if not self.tables and self.cost is None:
            raise PolicyError(f"The {owner} needs tables, or a cost.")

    def reads(self, query: ValidatedQuery) -> tuple[str, ...]:
        """What the query reads of this policy's tables and columns; ("",) where any would do.

        Where a dialect does not tell each column, every column of a table counts as read, and
        where another language names no table, every table does.
        """
        if not self.tables:
            return ("",)
        if not query.tables and not _is_sql(query.dialect):
            return self.tables
        read = [table for table in map(Table.named, query.tables) if self._covers(table)]
        if not self.columns or not tells_columns(query.dialect):
            return tuple(table.full_name for table in read)
        return tuple(dict.fromkeys(self._columns(query, read)))

    def _covers(self, table: Table) -> bool:
        return any(names_table(name, table) for name in self.tables)

    def _columns(self, query: ValidatedQuery, read: Iterable[Table]) -> Iterator[str]:
        wanted = {f"{table.name}.{name}".lower() for table in read for name in self.columns}
        return (column for column in query.columns if column.lower() in wanted)


@dataclass(frozen=True, slots=True)
class SensitiveQueries:
    """Every policy; a query that any of them is about needs approval."""

    policies: tuple[SensitiveQuery, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.policies, tuple | list) or not all(
            isinstance(policy, SensitiveQuery) for policy in self.policies
        ):
            raise PolicyError("policies must be a tuple of SensitiveQuery(...).")
        names = [policy.name for policy in self.policies]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise PolicyError(f"Two policies for sensitive queries are called {twice[0]}.")

    def about(self, query: ValidatedQuery) -> tuple[SensitiveQuery, ...]:
        """The policies whose tables and columns the query reads, whatever it costs."""
        return tuple(policy for policy in self.policies if policy.reads(query))

    def covers(self, table: Table, columns: frozenset[str]) -> bool:
        """Whether reading these columns could need approval by a policy that asks for no cost."""
        probe = {column.lower() for column in columns}
        return any(
            policy.cost is None
            and any(names_table(name, table) for name in policy.tables)
            and (not policy.columns or probe & {name.lower() for name in policy.columns})
            for policy in self.policies
        )


def _check_cost(owner: str, cost: object) -> None:
    if cost is None:
        return
    is_number = isinstance(cost, int | float) and not isinstance(cost, bool)
    if not is_number or not 0 <= float(str(cost)) < float("inf"):
        raise PolicyError(f"The cost of the {owner} is {cost!r}; it must be a number from 0 on.")


def _is_sql(dialect: str) -> bool:
    return tells_columns(dialect) is not None


def tells_columns(dialect: str) -> bool | None:
    """Whether each column that is read is known; None for a language that is no SQL."""
    from atlas.sql.dialects import rules_for  # noqa: PLC0415 - slow import of the parser

    try:
        return rules_for(dialect).traits.exact_columns
    except RefusalError:
        return None
