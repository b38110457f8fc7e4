"""Who may decide a waiting request: the people, and the words on its card."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.deciding.names import decider_name
from approvals.enums import Mode, Status
from approvals.models import ActionRequest, Vote
from approvals.rules import installed
from atlas.accounts.absences import running
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.conversations.models import Participant

NAMED = 3


@dataclass(frozen=True)
class Decider:
    """Somebody who may decide; for the named colleague, or because nobody else has.

    Then it is as an admin with `is_escalated`, or as one of the group that was `asked_next`.
    """

    person: User
    for_name: str = ""
    is_escalated: bool = False
    asked_next: str = ""

    def __str__(self) -> str:
        return decider_name(str(self.person), self.for_name)


def deciders_of(requests: Collection[ActionRequest]) -> dict[int, list[str]]:
    """The names of those who may decide each request that waits."""
    found = people_deciding(requests)
    return {number: [str(one) for one in deciders] for number, deciders in found.items()}


def people_deciding(requests: Collection[ActionRequest]) -> dict[int, list[Decider]]:
    """Who may decide each request that waits, in at most five queries; delegates come last."""
    waiting = [one for one in requests if one.state is Status.PENDING]
    people = _People(waiting)
    found = {one.pk: list(_of_one(one, people)) for one in waiting}
    delegates = _delegates({one.person.pk for deciders in found.values() for one in deciders})
    return {
        one.pk: [*found[one.pk], *_standing_in(one, found[one.pk], delegates, people)]
        for one in waiting
    }


class _People:
    """Those who may come into question for the requests, looked up together."""

    def __init__(self, requests: Collection[ActionRequest]) -> None:
        in_turn = [one for one in requests if one.turn]
        for_admins = [one for one in requests if _is_for_admins(one)]
        self.admins = _admins() if for_admins else []
        self.writers = _writers([one for one in requests if _is_for_writers(one)])
        groups = {one.turn for one in in_turn}.union(*(one.escalated_to for one in requests))
        self.members = _members(groups) if groups else {}
        self.approved = _approved([one for one in requests if one.approvals_needed > 1])


def listed(names: list[str]) -> str:
    """At most three names and how many more there are."""
    if not names:
        return _("nobody; there is no one who may decide this")
    if len(names) == 1:
        return names[0]
    shown, rest = names[:NAMED], len(names) - NAMED
    if rest > 0:
        more = ngettext("%(count)s more", "%(count)s more", rest) % {"count": rest}
        return _("%(names)s or %(last)s") % {"names": ", ".join(shown), "last": more}
    return _("%(names)s or %(last)s") % {"names": ", ".join(shown[:-1]), "last": shown[-1]}


def _is_for_admins(request: ActionRequest) -> bool:
    return request.mode == Mode.ADMIN_ONLY or request.escalated_at is not None


def _is_for_writers(request: ActionRequest) -> bool:
    return request.mode != Mode.ADMIN_ONLY and not request.turn


def _of_one(request: ActionRequest, people: _People) -> Iterable[Decider]:
    barred = set(people.approved.get(request.pk, ()))
    if request.requester_id and (request.mode == Mode.ADMIN_ONLY or request.is_two_person):
        barred.add(request.requester_id)
    usual = [one for one in _usual(request, people) if one.pk not in barred]
    for person in usual:
        yield Decider(person)
    there = {person.pk for person in usual} | barred | {request.requester_id}
    for person, group in _asked_next(request, people):
        if person.pk not in there:
            there.add(person.pk)
            yield Decider(person, asked_next=group)
    for person in people.admins if request.escalated_at is not None else []:
        if person.pk not in there:
            yield Decider(person, is_escalated=True)


def _asked_next(request: ActionRequest, people: _People) -> Iterable[tuple[User, str]]:
    """The people of the groups that were asked because nobody decided, in that order."""
    is_for_admins = request.mode == Mode.ADMIN_ONLY and _is_last_turn(request)
    for group in request.escalated_to:
        for person in people.members.get(group, []):
            if person.is_atlas_admin or not is_for_admins:
                yield person, group


def _is_last_turn(request: ActionRequest) -> bool:
    return not request.turn or not request.steps or request.steps[-1].group == request.turn


def _usual(request: ActionRequest, people: _People) -> list[User]:
    """Those for whom it is meant: the group in turn, the admins, or who takes part."""
    if request.turn:
        members = people.members.get(request.turn, [])
        is_for_admins = request.mode == Mode.ADMIN_ONLY and _is_last_turn(request)
        return [one for one in members if one.is_atlas_admin or not is_for_admins]
    if request.mode == Mode.ADMIN_ONLY:
        return people.admins
    return people.writers.get(request.conversation_id, [])


def _admins() -> list[User]:
    return list(User.objects.filter(is_active=True, role=Role.ADMIN).order_by("username"))


def _writers(requests: Collection[ActionRequest]) -> dict[UUID | None, list[User]]:
    """By conversation, those who may write there and whose role may decide."""
    found: dict[UUID | None, list[User]] = defaultdict(list)
    ids = {one.conversation_id for one in requests if one.conversation_id is not None}
    if ids:
        rows = Participant.objects.filter(
            conversation__in=ids, may_write=True, user__is_active=True
        ).exclude(user__role=Role.VIEWER)
        for row in rows.select_related("user").order_by("user__username"):
            found[row.conversation_id].append(row.user)
    return found


def _delegates(people: Collection[int]) -> dict[int, list[User]]:
    """By person, those who decide for them at this moment."""
    found: dict[int, list[User]] = defaultdict(list)
    if people:
        rows = running().filter(person__in=people).select_related("delegate")
        for row in rows.order_by("delegate__username"):
            found[row.person_id].append(row.delegate)
    return found


def _members(names: Collection[str]) -> dict[str, list[User]]:
    """By group of the installed policy, its people whose role may decide."""
    groups = [group for group in installed.current().groups if group.name in names]
    people = User.objects.filter(is_active=True).exclude(role=Role.VIEWER).order_by("username")
    everybody = list(people) if groups else []
    return {
        group.name: [one for one in everybody if group.holds(one.username, one.as_role)]
        for group in groups
    }


def _approved(requests: Collection[ActionRequest]) -> dict[int, set[int]]:
    """By request, those whose approval is given; who gave one for another is among them."""
    found: dict[int, set[int]] = defaultdict(set)
    versions = {one.pk: one.version for one in requests}
    if versions:
        votes = Vote.objects.filter(request__in=versions)
        for number, version, *people in votes.values_list(
            "request_id", "version", "voter_id", "right_of"
        ):
            if version == versions[number]:
                found[number].update(one for one in people if one is not None)
    return found


def _standing_in(
    request: ActionRequest,
    usual: Collection[Decider],
    delegates: dict[int, list[User]],
    people: _People,
) -> Iterable[Decider]:
    """Those who may decide it only because a colleague is away, each once."""
    there = {one.person.pk for one in usual} | people.approved.get(request.pk, set())
    there |= {request.requester_id} if request.requester_id else set()
    for one in usual:
        for person in delegates.get(one.person.pk, ()):
            if person.pk not in there and person.as_role.reaches(_needed(request)):
                there.add(person.pk)
                yield replace(one, person=person, for_name=str(one.person))


def _needed(request: ActionRequest) -> Role:
    return Role.ADMIN if request.mode == Mode.ADMIN_ONLY else Role.ANALYST
