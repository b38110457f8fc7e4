"""Holds the audit log against its chain, and the chain against signed checkpoints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from atlas.audit.chain import COLUMNS, SEALED_AT, Content, Link, link_after
from atlas.audit.checkpoints import Checkpoint
from atlas.audit.kept_texts import KeptTexts
from atlas.audit.starts import beginning, signed_start, start_fault

FETCHED = 5_000
# The sealer comes by once a second; what is still open after this was left out.
SEALED_WITHIN_S = 60

CHAIN = f"""
SELECT s.number, s.entry_id, s.digest, e.body->'address'->>'erasable', s.form, {SEALED_AT},
    {COLUMNS}
FROM audit_auditseal AS s LEFT JOIN audit_auditentry AS e ON e.id = s.entry_id
WHERE s.number >= %s ORDER BY s.number
"""  # noqa: S608 - constants only
# A unique index forbids it, as long as nobody takes that away.
TWICE = """
SELECT min(number) FROM (
    SELECT max(number) AS number FROM audit_auditseal GROUP BY entry_id HAVING count(*) > 1
) AS twice
"""
# No number is below it, also none that somebody made up.
LOWEST = -(2**63)
# Where a row of the chain has what it covers, and the keys in it.
CONTENT = 6
ACTOR_KEY = CONTENT + Content._fields.index("actor_key")
SUBJECT_KEY = CONTENT + Content._fields.index("subject_key")
OPEN = """
SELECT count(*), count(*) FILTER (WHERE e.at < now() - make_interval(secs => %s))
FROM audit_auditentry AS e
WHERE NOT EXISTS (SELECT 1 FROM audit_auditseal AS s WHERE s.entry_id = e.id)
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problem` is empty when all is well; `first_bad` is the number where it starts.

    `sealed` entries are in the chain, after `pruned` ones that were removed on purpose. Between
    these, `skipped` ones were not looked at.
    `unsealed` entries are too new to be chained; `overdue` ones should be.
    """

    sealed: int
    unsealed: int
    overdue: int
    checkpoints: int
    first_bad: int | None = None
    problem: str = ""
    pruned: int = 0
    skipped: int = 0

    @property
    def is_good(self) -> bool:
        return not self.problem


def verify(checkpoints: Sequence[Checkpoint] = (), *, after: int | None = None) -> Verdict:
    """Walk the whole chain in one snapshot and stop at the first number that does not fit.

    With `after`, which one of the checkpoints must have signed, only the entries behind that
    number are read: of those before it nothing is known. Raises `BadInput` for any other number.
    """
    promised = {checkpoint.number: checkpoint.digest for checkpoint in checkpoints}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        first = start = beginning(checkpoints)
        if after is not None:
            start = signed_start(after, checkpoints, first)
        unlike = "" if start == first else start_fault(start)
        link, problem = (start, unlike) if unlike else _walk(start, promised, after)
        twice = None if problem else _sealed_twice()
        unsealed, overdue = _open_entries()
    if twice is not None:
        problem = f"Number {twice} seals an entry that was sealed before."
    problem = problem or _cut_tail(link, promised) or _left_out(overdue)
    bad = (twice or (link.number if unlike else link.number + 1)) if problem else None
    sealed, skipped = link.number - start.number, start.number - first.number
    return Verdict(sealed, unsealed, overdue, len(checkpoints), bad, problem, first.number, skipped)


def _walk(link: Link, promised: dict[int, str], after: int | None) -> tuple[Link, str]:
    """The last link that fits, and what is wrong with the one behind it."""
    texts = KeptTexts()
    for row in _rows(LOWEST if after is None else after + 1):
        expected = _expected(link, row)
        problem = _fault(link, expected, row, promised) or _text_fault(row, texts)
        if problem or expected is None:
            return link, problem
        link = expected
    return link, ""


def _rows(lowest: int) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(CHAIN, [lowest])
        while rows := cursor.fetchmany(FETCHED):
            yield from rows


def _expected(link: Link, row: tuple[Any, ...]) -> Link | None:
    form, sealed_at_us, *content = row[4:]
    return None if content[0] is None else link_after(link, content, sealed_at_us, form)


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


def _text_fault(row: tuple[Any, ...], texts: KeptTexts) -> str:
    number, entry_id, _digest, address_key = row[:4]
    fault = texts.fault(row[ACTOR_KEY], row[SUBJECT_KEY], address_key)
    return f"A name or address of entry {entry_id}, number {number}, {fault}." if fault else ""


def _sealed_twice() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(TWICE)
        number: int | None = cursor.fetchone()[0]
    return number


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
