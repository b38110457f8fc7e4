"""What a decision is posted with."""

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.checking import MAX_NOTE
from approvals.comments import MAX_COMMENT
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
