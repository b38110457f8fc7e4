"""What stands beside requests: approvals so far, comments, and what replaces or undoes one."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.cards.withholding import as_seen_by
from approvals.deciding.names import decider_name
from approvals.enums import Decision, Status
from approvals.models import ActionRequest, Comment, Vote
from approvals.transitions import ROLLBACK_ENDS
from atlas.accounts.models import User

# Where somebody may have asked for a roll back.
_DONE = frozenset({Status.EXECUTED, Status.ROLLING_BACK, *ROLLBACK_ENDS})


@dataclass(frozen=True)
class Beside:
    """`approvals` is empty where one approval is enough; `rollback` is the last that was asked for.

    `is_linked` when the viewer may open the card of that, or of what the request itself undoes.
    """

    approvals: str = ""
    comments: tuple[Comment, ...] = ()
    replaced_by: int | None = None
    rollback: ActionRequest | None = None
    is_linked: bool = False

    @property
    def awaits_rollback(self) -> bool:
        """Whether a request to undo it waits, or has begun."""
        return self.rollback is not None and self.rollback.state.is_open


def beside(requests: Collection[ActionRequest], viewer: User) -> dict[int, Beside]:
    """Collect it for each request by its number, in at most six queries."""
    approvals = _approvals(requests)
    comments = _comments(requests)
    newer = successors([one.pk for one in requests if one.state is Status.SUPERSEDED])
    undoing = _last_rollbacks([one.pk for one in requests if one.state in _DONE], viewer)
    linked = {one.pk: one.undoes_id for one in requests if one.undoes_id is not None}
    linked |= {number: asked.pk for number, asked in undoing.items()}
    opened = _opened(linked.values(), viewer)
    return {
        one.pk: Beside(
            approvals.get(one.pk, ""),
            tuple(comments.get(one.pk, ())),
            newer.get(one.pk),
            undoing.get(one.pk),
            linked.get(one.pk) in opened,
        )
        for one in requests
    }


def waiting_rollbacks(numbers: Collection[int]) -> dict[int, ActionRequest]:
    """By the number of what would be undone, the request to do so that waits or is to begin."""
    if not numbers:
        return {}
    waiting = ActionRequest.objects.open().filter(undoes__in=numbers)
    return {one.undoes_id: one for one in waiting if one.undoes_id is not None}


def _last_rollbacks(numbers: Collection[int], viewer: User) -> dict[int, ActionRequest]:
    """By the number of what was done, the last request to undo it as `viewer` may see it."""
    if not numbers:
        return {}
    asked = ActionRequest.objects.filter(undoes__in=numbers).order_by("pk")
    last = {one.undoes_id: one for one in asked}
    return {pk: as_seen_by(one, viewer) for pk, one in last.items() if pk is not None}


def _opened(numbers: Collection[int], viewer: User) -> set[int]:
    """Those of the requests that the viewer may see."""
    if not numbers:
        return set()
    rows = ActionRequest.objects.visible_to(viewer).filter(pk__in=list(numbers))
    return set(rows.values_list("pk", flat=True))


def successors(numbers: Collection[int]) -> dict[int, int]:
    """The number of the version that replaced each of these, where there is one."""
    if not numbers:
        return {}
    newer = ActionRequest.objects.filter(supersedes__in=numbers)
    found: dict[int, int] = {}
    for old, new in newer.values_list("supersedes_id", "pk"):
        if old is not None:
            found[old] = new
    return found


def _approvals(requests: Collection[ActionRequest]) -> dict[int, str]:
    several = [one for one in requests if one.approvals_needed > 1 or one.steps]
    if not several:
        return {}
    names: dict[tuple[int, int], list[str]] = defaultdict(list)
    votes = Vote.objects.filter(request__in=several, decision=Decision.APPROVE).order_by("id")
    columns = ["request_id", "version", "voter_name", "for_name"]
    for number, version, name, for_name in votes.values_list(*columns):
        names[number, version].append(decider_name(name, for_name))
    return {one.pk: _progress(one, names[one.pk, one.version]) for one in several}


def _progress(request: ActionRequest, names: list[str]) -> str:
    """How far it is: group after group where they decide in steps."""
    if not request.steps:
        return _counted(request.approvals_needed, names)
    parts, rest = [], names
    for step in request.steps:
        given, rest = rest[: step.approvals], rest[step.approvals :]
        parts.append(f"{step.group}: {_counted(step.approvals, given)}")
    return " ".join(parts)


def _counted(needed: int, names: list[str]) -> str:
    counted = _("%(given)s of %(needed)s approvals") % {"given": len(names), "needed": needed}
    return f"{counted}: {', '.join(names)}." if names else f"{counted}."


def _comments(requests: Collection[ActionRequest]) -> dict[int, list[Comment]]:
    found: dict[int, list[Comment]] = defaultdict(list)
    for comment in Comment.objects.filter(request__in=[one.pk for one in requests]):
        found[comment.request_id].append(comment)
    return found
