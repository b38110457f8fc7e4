"""Where a walk of the chain begins: at its start, after what was pruned, or at a checkpoint."""

from collections.abc import Sequence

from django.db import connection

from atlas.audit.chain import START, Link
from atlas.audit.checkpoints import Checkpoint
from atlas.common.errors import BadInput

FIRST = "SELECT min(number) FROM audit_auditseal"
DIGEST = "SELECT digest FROM audit_auditseal WHERE number = %s"


def beginning(checkpoints: Sequence[Checkpoint]) -> Link:
    """Where the chain goes on from: its beginning, or the signed end of what was pruned."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST)
        (first,) = cursor.fetchone()
    pruned = {one.number: one.digest for one in checkpoints if one.pruned}
    if first is None or first - 1 not in pruned:
        return START
    return Link(first - 1, bytes.fromhex(pruned[first - 1]))


def signed_start(number: int, checkpoints: Sequence[Checkpoint], first: Link) -> Link:
    """The link that a checkpoint signed as this number.

    Raises `BadInput` where none did, or where the log begins later since it was pruned.
    """
    signed = {one.number: one.digest for one in checkpoints if one.number >= first.number}
    if number in signed:
        return Link(number, bytes.fromhex(signed[number]))
    if 0 < number < first.number:
        raise BadInput(f"Entries up to number {first.number} were pruned. Start there, or later.")
    before = max((one for one in signed if one < number), default=None)
    nearest = f"The nearest before it is {before}." if before else "Verify from the beginning."
    raise BadInput(f"No signed checkpoint vouches for number {number}. {nearest}")


def start_fault(start: Link) -> str:
    """What is wrong with the seal at a signed start; empty when it is what was signed."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST, [start.number])
        found = cursor.fetchone()
    if found is None:
        return f"Number {start.number}, which a checkpoint signed, is missing."
    if bytes(found[0]) != start.digest:
        return f"Number {start.number} is not what was signed at its checkpoint."
    return ""
