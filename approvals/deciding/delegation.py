"""Deciding for a colleague who is away: within that one's rights, never about an own request."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.deciding.names import decider_name
from approvals.deciding.standing import (
    place_of,
    places_of,
    verdict_at,
    verdict_in_step,
    verdict_on,
)
from approvals.enums import Status
from approvals.models import ActionRequest, Vote
from approvals.policies import Place, Verdict
from atlas.accounts.absences import covered_by, lent
from atlas.accounts.models import User


@dataclass(frozen=True)
class Ballot:
    """Whether `voter` may decide, and whose right that is when it is not the voter's own."""

    voter: User
    verdict: Verdict
    for_person: User | None = None

    @property
    def right_of(self) -> int:
        """The number of the person whose only vote this is."""
        return self.for_person.pk if self.for_person else self.voter.pk

    @property
    def for_name(self) -> str:
        return str(self.for_person) if self.for_person else ""

    @property
    def traced(self) -> dict[str, object]:
        """What the audit log keeps of it beside the voter."""
        return {"for_person": self.for_person.pk} if self.for_person else {}

    @property
    def name(self) -> str:
        """Who decides, as cards and sentences say it."""
        return decider_name(str(self.voter), self.for_name)


def ballot_of(request: ActionRequest, voter: User) -> Ballot:
    """How `voter` may decide at this moment; a right of one's own comes first."""
    place = place_of(request, voter)
    return ballots_of([request], voter, {request.pk: place})[request.pk]


def ballots_of(
    requests: Collection[ActionRequest], voter: User, places: Mapping[int, Place]
) -> dict[int, Ballot]:
    """The same for several requests by number; `places` are the voter's own."""
    found = {one.pk: Ballot(voter, verdict_at(places[one.pk], one, voter)) for one in requests}
    left = [
        one
        for one in requests
        if not found[one.pk].verdict.allowed and _may_stand_in(one, voter, places[one.pk])
    ]
    for person in covered_by(voter) if left else []:
        for one, verdict in _verdicts(left, person):
            if verdict.allowed and found[one.pk].for_person is None:
                found[one.pk] = Ballot(voter, _in_place_of(person), person)
    return found


def may_still(request: ActionRequest, vote: Vote, group: str = "") -> bool:
    """Whether who cast a vote may decide the request at this moment, and who lent the right too.

    `group` is the one in whose step it was cast: whoever left that one does not keep the vote by
    belonging to another. The absence itself may be over: it ran when the vote was cast.
    """
    voter = vote.voter
    if voter is None or not voter.is_active:
        return False
    if vote.right_of in (None, voter.pk):
        return _verdict(request, voter, group).allowed
    person = User.objects.filter(pk=vote.right_of, is_active=True).first()
    is_own_request = voter.pk == request.requester_id
    if person is None or is_own_request or not voter.may_decide:
        return False
    return _verdict(request, lent(person, voter), group).allowed


def _verdict(request: ActionRequest, person: User, group: str) -> Verdict:
    return verdict_in_step(request, person, group) if group else verdict_on(request, person)


def _may_stand_in(request: ActionRequest, voter: User, place: Place) -> bool:
    is_waiting = request.state is Status.PENDING
    return is_waiting and voter.may_decide and not (place.is_requester or place.has_approved)


def _verdicts(
    requests: Collection[ActionRequest], person: User
) -> list[tuple[ActionRequest, Verdict]]:
    places = places_of(requests, person)
    return [(one, verdict_at(places[one.pk], one, person)) for one in requests]


def _in_place_of(person: User) -> Verdict:
    return Verdict(True, _("You decide for %(name)s, who is away.") % {"name": person})
