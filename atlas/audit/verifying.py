"""Holds the audit log against its chain, and the chain against signed checkpoints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from atlas.audit.chain import COLUMNS, SEALED_AT, START, Content, Link, link_after
from atlas.audit.checkpoints import Checkpoint

FETCHED = 5_000
# The sealer comes by once a second; what is still open after this was left out.
SEALED_WITHIN_S = 60

CHAIN = f"""
SELECT s.number, s.entry_id, s.digest, s.form, {SEALED_AT}, {COLUMNS}
FROM audit_auditseal AS s LEFT JOIN audit_auditentry AS e ON e.id = s.entry_id
ORDER BY s.number
"""  # noqa: S608 - constants only
OPEN = """
SELECT count(*), count(*) FILTER (WHERE e.at < now() - make_interval(secs => %s))
FROM audit_auditentry AS e
WHERE NOT EXISTS (SELECT 1 FROM audit_auditseal AS s WHERE s.entry_id = e.id)
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problem` is empty when all is well; `first_bad` is the number where it starts.

    `unsealed` entries are too new to be chained; `overdue` ones should be.
    """

    sealed: int
    unsealed: int
    overdue: int
    checkpoints: int
    first_bad: int | None = None
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return not self.problem


def verify(checkpoints: Sequence[Checkpoint] = ()) -> Verdict:
    """Walk the whole chain in one snapshot and stop at the first number that does not fit."""
    promised = {checkpoint.number: checkpoint.digest for checkpoint in checkpoints}
    link = START
    problem = ""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        for row in _rows():
            expected = _expected(link, row)
            problem = _fault(link, expected, row, promised)
            if problem or expected is None:
                break
            link = expected
        unsealed, overdue = _open_entries()
    bad = link.number + 1
    if not problem:
        problem = _cut_tail(link, promised) or _left_out(overdue)
        bad = link.number + 1 if problem else 0
    return Verdict(link.number, unsealed, overdue, len(checkpoints), bad or None, problem)


def _rows() -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(CHAIN)
        while rows := cursor.fetchmany(FETCHED):
            yield from rows


def _expected(link: Link, row: tuple[Any, ...]) -> Link | None:
    form, sealed_at_us, *content = row[3:]
    return None if content[0] is None else link_after(link, Content(*content), sealed_at_us, form)


def _fault(
    link: Link, expected: Link | None, row: tuple[Any, ...], promised: dict[int, str]
) -> str:
    number, entry_id, digest = row[:3]
    if number != link.number + 1:
        return f"Number {link.number + 1} is missing."
    if expected is None:
        return f"Entry {entry_id}, number {number}, was deleted."
    if bytes(digest) != expected.digest:
        return f"Entry {entry_id}, number {number}, or its seal was changed."
    if number in promised and promised[number] != expected.digest.hex():
        return f"Number {number} is not what was signed at its checkpoint."
    return ""


def _open_entries() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [SEALED_WITHIN_S])
        unsealed, overdue = cursor.fetchone()
    return unsealed, overdue


def _cut_tail(link: Link, promised: dict[int, str]) -> str:
    furthest = max(promised, default=0)
    if furthest <= link.number:
        return ""
    return f"The log ends at {link.number}, but a checkpoint signed {furthest} entries."


def _left_out(overdue: int) -> str:
    if not overdue:
        return ""
    return f"{overdue} entries older than {SEALED_WITHIN_S} s are not sealed. Is a worker running?"
