"""The approval card: drawn from the stored request for one viewer, never from a model's text."""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.enums import Mode, Status
from approvals.faces import FACES, Face
from approvals.fields import Field, Table, fields_of_request, tables_of_request
from approvals.models import ActionRequest
from approvals.policies import Verdict
from approvals.results import ResultField, result_fields
from approvals.sentences import card_sentence
from approvals.standing import place_of, verdict_at
from atlas.accounts.models import User
from atlas.accounts.roles import Role

NAMED = 3
WITHDRAWABLE = frozenset({Status.PENDING, Status.APPROVED})


@dataclass(frozen=True)
class Card:
    """Everything that the template shows, decided for one viewer."""

    request: ActionRequest
    face: Face
    fields: tuple[Field, ...]
    tables: tuple[Table, ...]
    result: tuple[ResultField, ...]
    outcome: str
    verdict: Verdict
    is_participant: bool
    may_withdraw: bool
    waiting_for: str
    notes: tuple[str, ...]

    @property
    def is_pending(self) -> bool:
        return self.request.state is Status.PENDING

    @property
    def moment(self) -> datetime | None:
        """When it came to the status it is in."""
        return self.request.finished_at or self.request.executing_at or self.request.decided_at

    @property
    def has_footer(self) -> bool:
        """Whether something can still be decided or taken back."""
        return self.is_pending or self.may_withdraw

    @property
    def mode(self) -> str:
        return str(Mode(self.request.mode).label)

    @property
    def verb(self) -> str:
        """What the approval does, as it follows "Approve and": "create ticket"."""
        verb = self.request.verb
        return verb if verb[:2].isupper() else verb[:1].lower() + verb[1:]

    @property
    def preview(self) -> str:
        """What the plugin says would happen, when it says more than the summary."""
        text = str(self.request.contract.get("preview", {}).get("text", ""))
        return "" if text == self.request.summary else text

    @property
    def warnings(self) -> list[str]:
        return list(self.request.contract.get("preview", {}).get("warnings", []))

    @property
    def why(self) -> dict[str, str]:
        return {name: text for name, text in self.request.why.items() if text}


def render_card(
    request: ActionRequest,
    viewer: User,
    *,
    csrf_token: str = "",
    next_url: str = "",
    notice: str = "",
) -> SafeString:
    """Draw the card of `request` as `viewer` may see it: one `<article id="request-ID">`.

    Without `csrf_token` its forms work only where the page sends the token as a header, as htmx
    does. `next_url` is where a plain post goes back to; `notice` tells why a post was refused.
    """
    context = {
        "card": card_for(request, viewer),
        "csrf_token": csrf_token,
        "next_url": next_url,
        "notice": notice,
    }
    return render_to_string("approvals/_card.html", context)


def card_for(request: ActionRequest, viewer: User) -> Card:
    """Collect what `viewer` sees of `request`; the caller has checked that there is a right to."""
    place = place_of(request, viewer)
    verdict = verdict_at(place, request, viewer)
    is_pending = request.state is Status.PENDING
    return Card(
        request=request,
        face=FACES[request.state],
        fields=fields_of_request(request),
        tables=tables_of_request(request),
        result=result_fields(request),
        outcome="" if is_pending else card_sentence(request),
        verdict=verdict,
        is_participant=place.is_participant,
        may_withdraw=place.is_requester and request.state in WITHDRAWABLE,
        waiting_for=_listed(_deciders(request, viewer, verdict)) if is_pending else "",
        notes=_notes(request),
    )


def _notes(request: ActionRequest) -> tuple[str, ...]:
    reasons = request.policy.get("reasons", [])
    texts = {
        "policy": _("This installation asks for a stricter decision than the action itself."),
        "untrusted": _("A person decides because the agent had read data before it proposed this."),
    }
    return tuple(texts[reason] for reason in reasons if reason in texts)


def _deciders(request: ActionRequest, viewer: User, verdict: Verdict) -> list[str]:
    people = User.objects.filter(is_active=True).exclude(role=Role.VIEWER)
    if request.mode == Mode.ADMIN_ONLY:
        people = people.filter(role=Role.ADMIN).exclude(pk=request.requester_id or 0)
    else:
        people = people.filter(
            participations__conversation=request.conversation_id, participations__may_write=True
        )
    names = [str(person) for person in people.order_by("username")]
    return names or ([str(viewer)] if verdict.allowed else [])


def _listed(names: list[str]) -> str:
    if not names:
        return _("nobody; there is no one who may decide this")
    if len(names) == 1:
        return names[0]
    shown, rest = names[:NAMED], len(names) - NAMED
    if rest > 0:
        more = ngettext("%(count)s more", "%(count)s more", rest) % {"count": rest}
        return _("%(names)s or %(last)s") % {"names": ", ".join(shown), "last": more}
    return _("%(names)s or %(last)s") % {"names": ", ".join(shown[:-1]), "last": shown[-1]}
