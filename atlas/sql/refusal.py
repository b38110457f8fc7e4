"""How a stage refuses: an exception that the pipeline turns into a Rejection."""

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


class RefusalError(Exception):
    """Raised inside a stage only; `validate` never lets it out.

    `offset` is the index of the offending piece in the text, when the stage knows it.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        offending: str = "",
        offset: int | None = None,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offending = offending
        self.offset = offset
        self.suggestion = suggestion


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """The allowed name most like this one, or None when nothing is close."""
    found = difflib.get_close_matches(name, sorted(allowed), n=1, cutoff=0.75)
    return found[0] if found else None


def did_you_mean(suggestion: str | None) -> str:
    """The end of a sentence that offers the suggestion, empty without one."""
    return f"; did you mean {suggestion}?" if suggestion else "."


def unknown_column(
    name: str, sources: Iterable[str], suggestion: str | None, node: "exp.Expr"
) -> RefusalError:
    """The refusal of a column that no source has; `sources` are their names."""
    named = ", ".join(sorted(set(sources)))
    place = f"in {named}" if named else "here"
    return RefusalError(
        "unknown_column",
        f"There is no column {name} {place}{did_you_mean(suggestion)}",
        offending=name,
        offset=offset_of(node),
        suggestion=suggestion,
    )


def offset_of(node: "exp.Expr") -> int | None:
    """Where the node begins in the text, when the parser recorded it on the node or below."""
    for part in node.walk():
        start = part.meta.get("start") if part._meta else None
        if isinstance(start, int):
            return start
    return None
