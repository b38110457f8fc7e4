"""How a person stands to requests at this moment, and whether that lets the person decide."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Q

from approvals.enums import Kind, Mode, Status
from approvals.models import ActionRequest, Vote
from approvals.policies import Place, Verdict, may_decide
from approvals.querysets import other_admin_exists
from approvals.rules import installed
from approvals.rules.groups import groups_of
from atlas.accounts.models import User
from atlas.conversations.models import Participant

UNCLEAR = frozenset({Status.UNKNOWN, Status.ROLLBACK_UNKNOWN})


def verdict_on(request: ActionRequest, user: User) -> Verdict:
    """Whether `user` may approve or reject `request`, and the sentence that says why."""
    return verdict_at(place_of(request, user), request, user)


def verdict_in_step(request: ActionRequest, user: User, group: str) -> Verdict:
    """The same as if it were the turn of this group, one of those that decide in steps."""
    place = replace(
        place_of(request, user),
        turn=group,
        is_in_turn=group in _mine_of(user),
        is_early=group != request.steps[-1].group,
    )
    return verdict_at(place, request, user)


def verdict_at(place: Place, request: ActionRequest, user: User) -> Verdict:
    """The same for a place that was looked up before."""
    return may_decide(
        Mode(request.mode),
        user.as_role,
        place,
        admin_self_approval=installed.current().admin_self_approval,
    )


def may_check_at(place: Place, request: ActionRequest, user: User) -> bool:
    """Whether this person may say what became of an action whose outcome is unknown.

    Who could decide it; where a policy decided, who takes part in the conversation. Of a roll
    back it is said on the request that was undone.
    """
    if request.state not in UNCLEAR or request.kind == Kind.ROLLBACK or not user.may_decide:
        return False
    if request.mode == Mode.AUTO:
        return place.is_participant
    return verdict_at(place, request, user).allowed


def may_undo_at(place: Place, request: ActionRequest, user: User) -> bool:
    """Whether this person may have the action undone at this moment, if it can be undone."""
    is_done = request.kind == Kind.ACTION and request.state is Status.EXECUTED
    return is_done and has_right_to_undo(place, request, user)


def has_right_to_undo(place: Place, request: ActionRequest, user: User) -> bool:
    """Whether it is this person's to have undone: who could decide it, if it can be undone.

    Where a policy decided, who takes part in the conversation may.
    """
    if not request.contract.get("reversible"):
        return False
    if request.mode == Mode.AUTO:
        return user.may_decide and place.is_participant
    return user.may_decide and verdict_at(place, request, user).allowed


def place_of(request: ActionRequest, user: User) -> Place:
    """How `user` stands to `request` by the tables as they are now."""
    return places_of([request], user)[request.pk]


def places_of(requests: Collection[ActionRequest], user: User) -> dict[int, Place]:
    """The same for each of several requests by its number, in at most three queries."""
    writers = Participant.objects.filter(user=user, may_write=True)
    mine = set(
        writers.filter(conversation__in=[one.conversation_id for one in requests]).values_list(
            "conversation_id", flat=True
        )
    )
    is_for_admins = any(one.mode == Mode.ADMIN_ONLY for one in requests)
    another = is_for_admins and other_admin_exists(user)
    approved = _approved(requests, user)
    groups = _mine_of(user)
    return {
        one.pk: Place(
            is_participant=one.conversation_id in mine,
            is_requester=one.requester_id == user.pk,
            other_admin_exists=another and one.mode == Mode.ADMIN_ONLY,
            is_two_person=one.is_two_person,
            has_approved=(one.pk, one.version) in approved,
            **_steps_of(one, groups),
            is_escalated=one.escalated_at is not None,
            is_asked_next=not groups.isdisjoint(one.escalated_to),
        )
        for one in requests
    }


def _mine_of(user: User) -> frozenset[str]:
    """The names of the groups that the person belongs to at this moment."""
    return groups_of(installed.current().groups, user.username, user.as_role)


def _steps_of(request: ActionRequest, mine: Collection[str]) -> dict[str, Any]:
    """Whose turn it is; of what is decided already, the last turn that was the person's own."""
    names = [step.group for step in request.steps]
    if not names:
        return {}
    own = next((name for name in reversed(names) if name in mine), names[-1])
    turn = request.turn if request.state is Status.PENDING else own
    return {"turn": turn, "is_in_turn": turn in mine, "is_early": turn != names[-1]}


def _approved(requests: Collection[ActionRequest], user: User) -> set[tuple[int, int]]:
    """Number and version of those that wait for more approvals than the one of `user`."""
    several = [
        one.pk for one in requests if one.state is Status.PENDING and one.approvals_needed > 1
    ]
    if not several:
        return set()
    # A vote that a delegate cast is the person's vote as well.
    votes = Vote.objects.filter(Q(voter=user) | Q(right_of=user.pk), request__in=several)
    return set(votes.values_list("request_id", "version"))
