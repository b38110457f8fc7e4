"""Who may decide a waiting request, as the words on its card."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.enums import Mode, Status
from approvals.models import ActionRequest
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.conversations.models import Participant

NAMED = 3


def deciders_of(requests: Collection[ActionRequest]) -> dict[int, list[str]]:
    """The names of those who may decide each request that waits, in at most two queries."""
    waiting = [one for one in requests if one.state is Status.PENDING]
    for_admins = [one for one in waiting if one.mode == Mode.ADMIN_ONLY]
    admins = _admins() if for_admins else []
    writers = _writers([one for one in waiting if one.mode != Mode.ADMIN_ONLY])
    found = {}
    for one in waiting:
        is_for_admins = one.mode == Mode.ADMIN_ONLY
        people = admins if is_for_admins else writers.get(one.conversation_id, [])
        is_barred = is_for_admins or one.is_two_person
        found[one.pk] = [
            str(person) for person in people if not (is_barred and person.pk == one.requester_id)
        ]
    return found


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
