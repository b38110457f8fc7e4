"""The form by which the audit log is searched, and what it makes of a list of entries."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry, AuditPersonal
from atlas.common.jsonable import JSON, clean_text, jsonable

OUTCOMES = {
    "ok": (_("ended well"), Q(body__outcome="ok")),
    "failed": (_("failed"), Q(body__outcome="failed") | Q(event__endswith="failed")),
    "cancelled": (_("cancelled"), Q(body__outcome="cancelled")),
    "refused": (
        _("refused"),
        Q(event__endswith="refused") | Q(event__endswith="rejected") | Q(event__contains="thrott"),
    ),
    "unknown": (_("unknown"), Q(event__endswith="unknown")),
}
# Names of tables that are typed without a schema are looked for in it as well.
DEFAULT_SCHEMA = "public"
# Several accounts may have had one name, one after the other.
MOST_NUMBERS = 20


class Moment(forms.DateTimeField):
    """A day or a moment as browsers write them."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"})


class AuditSearch(forms.Form):
    """Every field may be left empty; those that are filled must all be met."""

    event = forms.ChoiceField(label=_("What happened"), required=False)
    person = forms.CharField(label=_("Person"), required=False, max_length=200)
    conversation = forms.UUIDField(label=_("Conversation"), required=False)
    table = forms.CharField(label=_("Table"), required=False, max_length=200)
    column = forms.CharField(label=_("Column"), required=False, max_length=200)
    plugin = forms.CharField(label=_("Plugin"), required=False, max_length=200)
    action = forms.CharField(label=_("Action"), required=False, max_length=200)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    since = Moment(label=_("From"), required=False)
    until = Moment(label=_("Until"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        anything = [("", lazystr(_("anything")))]
        self.fields["event"].choices = anything + list(AuditEvent.choices)  # type: ignore[attr-defined]  # of a choice field
        outcomes = [(name, label) for name, (label, _met) in OUTCOMES.items()]
        self.fields["outcome"].choices = anything + outcomes  # type: ignore[attr-defined]  # of a choice field
        self.fields["person"].widget.attrs["placeholder"] = _("name or number")
        self.fields["table"].widget.attrs["placeholder"] = _("schema.table")
        self.fields["column"].widget.attrs["placeholder"] = _("table.column")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {
            name: clean_text(value) if isinstance(value, str) else value
            for name, value in cleaned.items()
        }

    @property
    def filled(self) -> dict[str, Any]:
        """The fields that narrow the search."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def recorded(self) -> dict[str, JSON]:
        """The filled fields for the log, which names a person by number: names can be erased."""
        kept = {name: jsonable(value) for name, value in self.filled.items()}
        if "person" in kept:
            kept["person"] = _numbers(str(kept["person"]))
        return kept

    def narrow(self, entries: "QuerySet[AuditEntry]") -> "QuerySet[AuditEntry]":
        """Only the entries that meet all filled fields; none when a field makes no sense."""
        if not self.is_valid():
            return entries.none()
        for name, value in self.filled.items():
            entries = entries.filter(CONDITIONS[name](value))
        return entries


def _person(text: str) -> Q:
    number = _number(text)
    return Q(actor_name=text) if number is None else Q(actor_id=number)


def _numbers(text: str) -> list[JSON]:
    """The accounts that are meant by a number, or that the log knows by a name."""
    number = _number(text)
    if number is not None:
        return [number]
    named = AuditPersonal.objects.filter(kind="name", text=text, actor_id__isnull=False)
    numbers = named.order_by("actor_id").values_list("actor_id", flat=True).distinct()
    return list(numbers[:MOST_NUMBERS])


def _number(text: str) -> int | None:
    digits = text.removeprefix("#")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 19
    return int(digits) if is_number else None


def _table(text: str) -> Q:
    names = [text] if "." in text else [text, f"{DEFAULT_SCHEMA}.{text}"]
    found = Q()
    for name in names:
        found |= Q(body__tables__contains=[name])
    # As the index of these names wants it.
    return Q(event=AuditEvent.QUERY_STARTED) & found


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "event": lambda event: Q(event=event),
    "person": _person,
    "conversation": lambda number: Q(conversation_id=number),
    "table": _table,
    "column": lambda name: Q(event=AuditEvent.QUERY_STARTED, body__columns__contains=[name]),
    "plugin": lambda name: Q(body__plugin=name) | Q(plain_subject=f"plugin {name}"),
    "action": lambda name: Q(body__action=name),
    "outcome": lambda name: OUTCOMES[name][1],
    "since": lambda moment: Q(at__gte=moment),
    "until": lambda moment: Q(at__lt=moment),
}
