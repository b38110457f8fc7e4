"""Masks: which columns a role sees only in part, and what is shown in their place."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from atlas.sql.policies.rows import PolicyError, check_names, names_table
from atlas.sql.types import Table

Kind = Literal["none", "full", "partial", "hash"]
# From the weakest to the strictest.
KINDS: tuple[Kind, ...] = ("none", "partial", "hash", "full")

HIDDEN = "•••"
_KEPT = 4
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Mask:
    """`columns` of `tables` are shown as `kind` says, except to the roles in `plain_for`.

    Tables are named as in a row policy. "full" shows nothing, "partial" the last four characters
    or what stands around the @ of an address, "hash" the same short text for the same value.
    """

    tables: tuple[str, ...]
    columns: tuple[str, ...]
    kind: Kind = "full"
    plain_for: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_names("mask", self.tables)
        for what, words in (("columns", self.columns), ("plain_for", self.plain_for)):
            if not isinstance(words, tuple | list) or not all(isinstance(w, str) for w in words):
                raise PolicyError(f"The {what} of a mask must be a tuple of names.")
        if not self.columns:
            raise PolicyError("A mask needs columns.")
        if self.kind not in KINDS:
            raise PolicyError(f"The kind {self.kind!r} is none of {', '.join(KINDS)}.")


@dataclass(frozen=True, slots=True)
class Masks:
    """Every mask; where several are about one column the strictest holds."""

    masks: tuple[Mask, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.masks, tuple | list):
            raise PolicyError("masks must be a tuple of Mask(...).")
        if not all(isinstance(mask, Mask) for mask in self.masks):
            raise PolicyError("masks must hold Mask(...) only.")

    def kind_of(self, table: Table, column: str, role: str | None) -> Kind:
        """How a role sees a column; `role` None is somebody for whom no exception holds."""
        kinds: list[Kind] = [
            mask.kind
            for mask in self.masks
            if role not in mask.plain_for
            and column.lower() in {name.lower() for name in mask.columns}
            and any(names_table(name, table) for name in mask.tables)
        ]
        return strictest(kinds)


def strictest(kinds: Sequence[Kind]) -> Kind:
    """The strictest of these kinds, "none" of no kinds."""
    return max(kinds, key=KINDS.index, default="none")


@dataclass(frozen=True, slots=True)
class Shown:
    """How one result column is shown.

    `plain` says that it holds values of a masked column as they are; only then a part or a hash
    of it tells no more than the mask wants, and a NULL tells only that nothing is there.
    """

    kind: Kind = "none"
    plain: bool = True


def show(value: object, shown: Shown, key: bytes) -> object:
    """What is shown instead of a value; `key` makes hashes that nobody else can make."""
    if shown.kind == "none":
        return value
    if not shown.plain:
        return HIDDEN
    if value is None or shown.kind == "full":
        return None if value is None else HIDDEN
    return _hash(value, key) if shown.kind == "hash" else _part(str(value))


def _hash(value: object, key: bytes) -> str:
    return "#" + hmac.new(key, str(value).encode(errors="replace"), hashlib.sha256).hexdigest()[:16]


def _part(text: str) -> str:
    name, at, host = text.partition("@")
    if at and name and "." in host:
        return f"{name[0]}{HIDDEN}@{host}"
    return f"{HIDDEN}{text[-_KEPT:]}" if len(text) >= _SHORTEST else HIDDEN
