"""The filter of the history and of the statistics."""

import functools
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.enums import Status
from approvals.history.search import DECIDED, Search


class HistoryForm(forms.Form):
    """What to look for; each field may stay empty, and an unusable one says so and is left out."""

    q = forms.CharField(
        label=_("Search"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    person = forms.CharField(label=_("Asked or decided by"), max_length=150, required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    since = forms.DateField(
        label=_("Asked from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Asked until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, actions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        statuses = [(one.value, one.label) for one in Status if one in DECIDED]
        self._offer("action", [(name, name) for name in actions])
        self._offer("outcome", statuses)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("all")), *choices]

    @functools.cached_property
    def wanted(self) -> Search:
        """What to look for, by the fields that can be used."""
        self.full_clean()
        return Search(**{name: value for name, value in self.cleaned_data.items() if value})
