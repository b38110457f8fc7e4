"""Row policies that an engine enforces itself: what it says of a table, and what it is told."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from plugins_app.sdk.errors import PluginError


@dataclass(frozen=True)
class PolicyTable:
    """A table as the engine describes it to the datasource's own login.

    `columns` maps names to types, as a cast writes them. `installed` is the digest of Atlas's
    policy when it holds for this login, else empty; `has_policy` says that there is one, whatever
    it is worth. `can_hold` is False for what no policy can be on, such as a view. `is_secured`
    says that row security is on, `is_ours` that Atlas switched it on.
    """

    name: str
    login: str
    columns: Mapping[str, str] = field(default_factory=dict)
    can_hold: bool = True
    is_secured: bool = False
    is_ours: bool = False
    has_policy: bool = False
    installed: str = ""


@dataclass(frozen=True)
class RowClaims:
    """What the engine's policies are told for one query, and for that query alone.

    `values` has the texts that a claim stands for. `tables` are those whose rows only the engine
    limits, with the digest of the policy that must hold while the query runs.
    """

    values: Mapping[str, Sequence[str]]
    tables: Mapping[str, str] = field(default_factory=dict)


class RowPoliciesChangedError(PluginError):
    """A policy that the query relied on does not hold any more; the query was not run."""


PolicyInspector = Callable[
    [Sequence[str]], Sequence[PolicyTable] | Awaitable[Sequence[PolicyTable]]
]
