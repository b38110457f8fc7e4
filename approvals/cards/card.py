"""The approval card: drawn from the stored request for one viewer, never from a model's text."""

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.cards.beside import Beside, beside
from approvals.cards.faces import FACES, Face
from approvals.cards.fields import Field, Table, fields_of_request, tables_of_request
from approvals.cards.oddities import oddities_of
from approvals.cards.sentences import card_sentence, undoing_sentence
from approvals.cards.undoing import Undo, undos_of
from approvals.cards.withholding import WITHHELD, as_seen_by
from approvals.deciding.deciders import deciders_of, listed
from approvals.deciding.delegation import Ballot, ballots_of
from approvals.deciding.standing import may_check_at, places_of
from approvals.enums import Delivery, Kind, Mode, Status
from approvals.execution.results import ResultField, result_fields
from approvals.models import ActionRequest
from approvals.policies import Place, Verdict
from approvals.transitions import WITHDRAWABLE
from atlas.accounts.models import User


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
    may_check: bool
    may_comment: bool
    beside: Beside
    waiting_for: str
    notes: tuple[str, ...]
    oddities: tuple[str, ...]
    may_allow: bool = False
    undo: Undo | None = None

    @property
    def is_pending(self) -> bool:
        return self.request.state is Status.PENDING

    @property
    def mark(self) -> str:
        """Changes with whatever the card shows beside the request itself, which never changes."""
        shown = (
            self.request.status,
            self.request.held_because,
            len(self.request.log),
            self.waiting_for,
            self.verdict.sentence,
            self.beside.approvals,
            [comment.pk for comment in self.beside.comments],
            self.beside.rollback and self.beside.rollback.pk,
            self.rollback_sentence,
        )
        return f"{zlib.crc32(repr(shown).encode()):08x}"

    @property
    def moment(self) -> datetime | None:
        """When it came to the status it is in."""
        return self.request.finished_at or self.request.executing_at or self.request.decided_at

    @property
    def has_footer(self) -> bool:
        """Whether something can still be decided, taken back or cleared up."""
        return self.is_pending or self.may_withdraw or self.may_check or self.may_undo

    @property
    def has_buttons(self) -> bool:
        decides = self.is_pending and self.verdict.allowed
        return decides or self.may_withdraw or self.may_check or self.may_undo

    @property
    def may_undo(self) -> bool:
        return self.undo is not None

    @property
    def rollback_sentence(self) -> str:
        """Of what was done, how far the last request to undo it is; empty where there is none."""
        asked = self.beside.rollback
        return undoing_sentence(asked) if asked is not None else ""

    @property
    def may_ask(self) -> bool:
        """Whether the other system can be asked what became of the action."""
        is_clear = self.request.state is not Status.UNKNOWN
        return self.may_check and not is_clear and self.request.delivery == Delivery.RECONCILABLE

    @property
    def log(self) -> list[str]:
        """What the action said while it was carried out."""
        return self.request.log.splitlines()

    @property
    def is_running(self) -> bool:
        return self.request.state in {Status.EXECUTING, Status.ROLLING_BACK}

    @property
    def mode(self) -> str:
        return self.request.mode_words

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
    def may_change(self) -> bool:
        """Whether it can be approved with other arguments by somebody who sees all of them."""
        asked = self.request
        is_action = asked.kind == Kind.ACTION and asked.requester_id is not None
        return is_action and WITHHELD not in asked.policy.get("reasons", [])

    @property
    def why(self) -> dict[str, str]:
        return {name: text for name, text in self.request.why.items() if text}


@dataclass(frozen=True)
class Around:
    """The page that a card stands on; in its own `conversation_id` it needs no link there.

    Without `csrf_token` its forms work only where the page sends the token as a header, as htmx
    does. `next_url` is where a plain post goes back to; `notice` tells why a post was refused.
    `draft` is the comment that was refused. In a queue cards can be selected.
    """

    csrf_token: str = ""
    next_url: str = ""
    notice: str = ""
    conversation_id: UUID | None = None
    draft: str = ""
    is_in_queue: bool = False


ANYWHERE = Around()


def render_card(request: ActionRequest, viewer: User, around: Around = ANYWHERE) -> SafeString:
    """Draw the card of `request` as `viewer` may see it: one `<article id="request-ID">`."""
    return draw_card(cards_for([request], viewer)[request.pk], around)


def draw_card(card: Card, around: Around) -> SafeString:
    """Draw a card that was collected before."""
    context = {
        "card": card,
        "csrf_token": around.csrf_token,
        "next_url": around.next_url,
        "notice": around.notice,
        "draft": around.draft,
        "is_in_queue": around.is_in_queue,
        "is_at_home": around.conversation_id is not None
        and around.conversation_id == card.request.conversation_id,
        # Below the question in a conversation, below the page's title elsewhere.
        "heading": "h2" if around.conversation_id is None else "h3",
    }
    return render_to_string("approvals/_card.html", context)


def cards_for(requests: Collection[ActionRequest], viewer: User) -> dict[int, Card]:
    """Collect what `viewer` sees of each request by its number, in at most sixteen queries.

    The caller has checked that there is a right to see them.
    """
    places = places_of(requests, viewer)
    ballots = ballots_of(requests, viewer, places)
    deciders = deciders_of(requests)
    added = beside(requests, viewer)
    shown = {one.pk: as_seen_by(one, viewer) for one in requests}
    undos = undos_of(requests, shown, viewer, places, added)
    return {
        one.pk: _card(
            shown[one.pk],
            undos.get(one.pk),
            ballots[one.pk],
            places[one.pk],
            deciders.get(one.pk, []),
            added[one.pk],
        )
        for one in requests
    }


def _card(
    request: ActionRequest,
    undo: Undo | None,
    ballot: Ballot,
    place: Place,
    deciders: list[str],
    added: Beside,
) -> Card:
    viewer, verdict = ballot.voter, ballot.verdict
    is_pending = request.state is Status.PENDING
    fields, tables = fields_of_request(request), tables_of_request(request)
    names = deciders or ([ballot.name] if verdict.allowed else [])
    return Card(
        request=request,
        face=FACES[request.state],
        fields=fields,
        tables=tables,
        result=result_fields(request),
        outcome="" if is_pending else card_sentence(request),
        verdict=verdict,
        is_participant=place.is_participant,
        may_withdraw=place.is_requester and request.state in WITHDRAWABLE,
        may_check=may_check_at(place, request, viewer),
        may_comment=viewer.may_decide,
        beside=added,
        waiting_for=listed(names) if is_pending else "",
        notes=_notes(request),
        oddities=oddities_of(request, fields, tables),
        may_allow=viewer.is_atlas_admin and _is_allowable(request),
        undo=undo,
    )


def _is_allowable(request: ActionRequest) -> bool:
    """Whether what one person decides here could be allowed in advance."""
    is_by_one = not request.is_two_person and request.approvals_needed == 1
    return request.kind == Kind.ACTION and request.mode == Mode.MANUAL and is_by_one


def _notes(request: ActionRequest) -> tuple[str, ...]:
    reasons = request.policy.get("reasons", [])
    texts = {
        "policy": _("This installation asks for a stricter decision than the action itself."),
        WITHHELD: _("Some of it is withheld: it may come from data that you may not see."),
        "untrusted": _("A person decides because the agent had read data before it proposed this."),
    }
    if request.kind == Kind.ROLLBACK:
        texts["policy"] = _("This installation wants this roll back approved by itself.")
    notes = [texts[reason] for reason in reasons if reason in texts]
    rule = request.policy.get("allow_rule")
    if rule and "rule_untrusted" in reasons:
        withheld = _("The rule “%(name)s” does not decide: the agent had read data before.")
        notes.append(withheld % rule)
    if rule and "rule_attachments" in reasons:
        notes.append(_("The rule “%(name)s” does not decide on attachments.") % rule)
    rules = [_("“%(name)s”") % {"name": name} for name in request.policy.get("rules", [])]
    if rules:
        text = ngettext("The rule %(names)s applies.", "The rules %(names)s apply.", len(rules))
        notes.append(text % {"names": ", ".join(rules)})
    return tuple(notes)
