"""Row policies: which rows of a table a person may see, told by claims; pure, tested as a table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NoReturn

from atlas.sql.policies.claims import KINDS, ClaimError, Kind, Value, values_of
from atlas.sql.refusal import RefusalError
from atlas.sql.types import Table


class PolicyError(ValueError):
    """A policy that cannot mean anything; raised while the operator's file is read."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A row is kept where `column` equals the claim, or is one of its values when it is a list.

    `claim` is a dotted path. `kind` None compares with the JSON type of the claim; a kind makes
    every claim that does not fit it a refusal. `unlisted` says that the column is there although
    the semantic layer does not list it.
    """

    column: str
    claim: str
    kind: Kind | None = None
    unlisted: bool = False

    def __post_init__(self) -> None:
        for what, text in (("column", self.column), ("claim", self.claim)):
            if not isinstance(text, str) or not text.strip() or not text.isprintable():
                raise PolicyError(f"The {what} of a row policy is {text!r}; it must be a name.")
        if self.kind is not None and self.kind not in KINDS:
            raise PolicyError(f"The kind {self.kind!r} is none of {', '.join(KINDS)}.")


@dataclass(frozen=True, slots=True)
class RowPolicy:
    """Rows of `tables` (`orders`, `sales.orders` or `*`) are kept where every condition holds.

    A name without schema means the table in every schema. Give `column` and `claim`, or several
    `conditions`.
    """

    name: str
    tables: tuple[str, ...]
    column: str = ""
    claim: str = ""
    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise PolicyError("A row policy needs a name, which the audit log will say.")
        check_names(f"row policy {self.name}", self.tables)
        if bool(self.column or self.claim) == bool(self.conditions):
            raise PolicyError(
                f"The row policy {self.name} needs either column and claim, or conditions."
            )
        if not all(isinstance(condition, Condition) for condition in self.all_conditions()):
            raise PolicyError(f"The conditions of {self.name} must be Condition(...).")

    def all_conditions(self) -> tuple[Condition, ...]:
        """The conditions, however they were given."""
        return self.conditions or (Condition(self.column, self.claim),)

    def covers(self, table: Table) -> bool:
        """Whether the policy is about this table."""
        return any(names_table(name, table) for name in self.tables)


@dataclass(frozen=True, slots=True)
class RowPolicies:
    """Every row policy, and whether a row must pass all that cover its table or any of them."""

    policies: tuple[RowPolicy, ...] = ()
    combine: Literal["and", "or"] = "and"

    def __post_init__(self) -> None:
        if self.combine not in ("and", "or"):
            raise PolicyError(f"combine is {self.combine!r}; it must be 'and' or 'or'.")
        if not isinstance(self.policies, tuple | list):
            raise PolicyError("policies must be a tuple of RowPolicy(...).")
        if not all(isinstance(policy, RowPolicy) for policy in self.policies):
            raise PolicyError("policies must hold RowPolicy(...) only.")
        names = [policy.name for policy in self.policies]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise PolicyError(f"Two row policies are called {twice[0]}; give each its own name.")

    def covering(self, table: Table) -> tuple[RowPolicy, ...]:
        """The policies that are about this table, in their order."""
        return tuple(policy for policy in self.policies if policy.covers(table))


@dataclass(frozen=True, slots=True)
class Test:
    """A column that must equal one of the values."""

    __test__ = False  # no test of pytest's

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class RowFilter:
    """What a row must pass: all tests of at least one of the groups."""

    any_of: tuple[tuple[Test, ...], ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """The filter of each protected table by its full name, and what it follows from."""

    by_table: Mapping[str, RowFilter] = field(default_factory=dict)
    policies: tuple[str, ...] = ()
    claims: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


def filters_for(
    policies: RowPolicies, claims: Mapping[str, object] | None, tables: Iterable[Table]
) -> Filters:
    """The filters of the tables that a query reads, for a person with these claims.

    `claims` None means that nobody is known. Raises RefusalError whenever a condition cannot be
    told: nothing of a protected table is shown then.
    """
    by_table: dict[str, RowFilter] = {}
    used: dict[str, None] = {}
    told: dict[str, tuple[Value, ...]] = {}
    for table in tables:
        covering = policies.covering(table)
        if not covering:
            continue
        if claims is None:
            _refuse("no_person", table, "is protected, and it is not known who asks.")
        groups = [tuple(_tests(policy, table, claims, told)) for policy in covering]
        if policies.combine == "and":
            groups = [tuple(dict.fromkeys(test for group in groups for test in group))]
        by_table[table.full_name] = RowFilter(tuple(groups))
        used.update(dict.fromkeys(policy.name for policy in covering))
    return Filters(by_table, tuple(used), told)


def _tests(
    policy: RowPolicy,
    table: Table,
    claims: Mapping[str, object],
    told: dict[str, tuple[Value, ...]],
) -> Iterator[Test]:
    for condition in policy.all_conditions():
        column = _column(condition, table)
        try:
            values = values_of(claims, condition.claim, condition.kind)
        except ClaimError as error:
            code = "no_claim" if str(error) == "is missing" else "bad_claim"
            _refuse(
                code,
                table,
                f"is protected, and the claim {condition.claim} of your account {error}; an admin"
                " can set it.",
            )
        told[condition.claim] = values
        yield Test(column, values)


def _column(condition: Condition, table: Table) -> str:
    """The column as the table spells it; a spelling in another case counts when there is one."""
    if condition.unlisted or table.columns is None or condition.column in table.columns:
        return condition.column
    alike = [name for name in table.columns if name.lower() == condition.column.lower()]
    if len(alike) == 1:
        return alike[0]
    _refuse(
        "no_policy_column",
        table,
        f"is protected by its column {condition.column}, which the semantic layer does not list;"
        " an admin can list it or mark the condition as unlisted.",
    )


def _refuse(code: str, table: Table, rest: str) -> NoReturn:
    raise RefusalError(code, f"The table {table.full_name} {rest}", offending=table.full_name)


def names_table(name: str, table: Table) -> bool:
    """Whether a name of the operator's file means this table.

    Case does not matter, and parts that only one of both says do not either: where it is not
    certain, the table is protected.
    """
    if name == "*":
        return True
    said = [part.lower() for part in reversed(name.split("."))]
    known = [part.lower() for part in reversed(table.full_name.split("."))]
    return all(one == other for one, other in zip(said, known, strict=False))


def check_names(owner: str, names: object) -> None:
    """Raise PolicyError unless these are table names in a tuple or list."""
    if not isinstance(names, tuple | list) or not names:
        raise PolicyError(
            f"The tables of the {owner} must be a tuple of names, such as ('orders',)."
        )
    for name in names:
        if not isinstance(name, str) or not all(part.strip() for part in name.split(".")):
            raise PolicyError(f"The {owner} names the table {name!r}; write table or schema.table.")
