"""How a person stands to a request at this moment, and whether that lets the person decide."""

from approvals import installed
from approvals.enums import Mode, Status
from approvals.models import ActionRequest
from approvals.policies import Place, Verdict, may_decide
from approvals.querysets import other_admin_exists
from atlas.accounts.models import User
from atlas.conversations.models import Participant


def verdict_on(request: ActionRequest, user: User) -> Verdict:
    """Whether `user` may approve or reject `request`, and the sentence that says why."""
    return verdict_at(place_of(request, user), request, user)


def verdict_at(place: Place, request: ActionRequest, user: User) -> Verdict:
    """The same for a place that was looked up before."""
    return may_decide(
        Mode(request.mode),
        user.as_role,
        place,
        admin_self_approval=installed.current().admin_self_approval,
    )


def place_of(request: ActionRequest, user: User) -> Place:
    """How `user` stands to `request` by the tables as they are now."""
    writers = Participant.objects.filter(user=user, may_write=True)
    return Place(
        is_participant=request.conversation_id is not None
        and writers.filter(conversation_id=request.conversation_id).exists(),
        is_requester=request.requester_id == user.pk,
        other_admin_exists=request.mode == Mode.ADMIN_ONLY and other_admin_exists(user),
        is_two_person=request.is_two_person,
        has_approved=_has_approved(request, user),
    )


def _has_approved(request: ActionRequest, user: User) -> bool:
    if request.state is not Status.PENDING or request.approvals_needed == 1:
        return False
    return request.votes.filter(version=request.version, voter=user).exists()
