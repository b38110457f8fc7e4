"""What a decision is posted with."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from approvals.cards.comments import MAX_COMMENT
from approvals.enums import Decision
from approvals.execution.checking import MAX_NOTE
from approvals.services import MAX_REASON


class DecisionForm(forms.Form):
    """The hash of what the person saw."""

    payload_hash = forms.RegexField(
        r"^[0-9a-f]{64}$", error_messages={"required": _("Open the card and decide there.")}
    )


class CommentForm(forms.Form):
    """What a person says about a request."""

    text = forms.CharField(
        max_length=MAX_COMMENT,
        error_messages={"required": _("Write what you want to say about the request.")},
    )


class BatchForm(forms.Form):
    """One decision for several requests."""

    decision = forms.ChoiceField(choices=Decision)
    reason = forms.CharField(max_length=MAX_REASON, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("decision") == Decision.REJECT and not found.get("reason"):
            raise ValidationError(_("Say why you reject them; the people who asked read it."))
        return found


class FoundForm(forms.Form):
    """What a person found out about an unknown outcome, and how."""

    happened = forms.ChoiceField(choices=[("yes", _("It happened")), ("no", _("It did not"))])
    note = forms.CharField(
        max_length=MAX_NOTE,
        error_messages={"required": _("Say how you know; the person who asked will read it.")},
    )


class RejectForm(DecisionForm):
    """The same, with the reason that the asker and the agent will read."""

    reason = forms.CharField(
        max_length=MAX_REASON,
        error_messages={"required": _("Say why you reject it; the person who asked reads it.")},
    )
