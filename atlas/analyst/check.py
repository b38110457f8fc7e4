"""The check between a plan and an answer: nothing left over, nothing that cannot run."""

from atlas.analyst.reading import Read
from atlas.analyst.roles import Roles
from atlas.analyst.stops import Declined
from atlas.semantic.query import Query


def check_words(found: Read) -> None:
    """Declined when a word of the question is not accounted for."""
    words = found.unknown_words()
    if "why" in (word.casefold() for word in words):
        raise Declined("I can show what happened, but not why.")
    if words:
        named = ", ".join(f"“{word}”" for word in words[:4])
        raise Declined(f"I do not know what {named} means here.")


def check_operators(found: Read, roles: Roles, query: Query) -> None:
    """Declined when something that shapes a question did not shape the query."""
    flags = roles.flags
    negations = len(found.board.marks("neg"))
    negated = sum(f.negated for f in query.filters) + len(query.not_exists)
    negated += sum(len(f.values) - 1 for f in query.filters if f.negated)
    if negations > negated:
        raise Declined("I did not understand what should be left out.")
    for flag, kinds in (("share", ("share",)), ("growth", ("growth", "compare"))):
        if flag in flags and query.kind not in kinds:
            words = found.board.said(flags[flag])
            raise Declined(f"I did not understand what “{words}” is about.")
    if "average" in flags and query.kind == "list":
        raise Declined("I did not understand what should be averaged.")
    if "compare" in flags and not (query.kind == "compare" or query.group_by or query.grain):
        raise Declined("I did not understand what should be compared.")
    if roles.rank is not None and query.order is None:
        raise Declined(f"I did not understand “{found.board.said(roles.rank)}”.")
    unused = [m for m in roles.numbers if not _is_used(found, m, query)]
    if unused:
        raise Declined(f"I did not understand the number {found.board.said(unused[0])}.")


def _is_used(found: Read, mark: object, query: Query) -> bool:
    return any(m is mark and m.value == query.limit for m in found.board.marks("number"))
