"""The form of an allow rule: for each value of a card, what it has to be."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.allow_rules.allowing import LONGEST, MAX_NAME, RuleDraft
from approvals.allow_rules.models import AllowRule
from approvals.cards.fields import LONG, Field, fields_of_request
from approvals.models import ActionRequest
from approvals.pages.argument_forms import TextField
from approvals.rules.conditions import Condition, Operator
from atlas.accounts.models import User
from atlas.common.days import end_of

A_DAY = timedelta(days=1)
USUAL = timedelta(days=30)
ANY, NOT_GIVEN, EXACTLY = "any", "not given", "exactly"
WORDS = {
    ANY: gettext_lazy("may be anything"),
    NOT_GIVEN: gettext_lazy("is not given"),
    EXACTLY: gettext_lazy("is exactly this"),
    Operator.IS: gettext_lazy("is"),
    Operator.ONE_OF: gettext_lazy("is one of (one on each line)"),
    Operator.STARTS_WITH: gettext_lazy("starts with"),
    Operator.ENDS_WITH: gettext_lazy("ends with"),
    Operator.CONTAINS: gettext_lazy("contains"),
    Operator.AT_MOST: gettext_lazy("is at most"),
    Operator.AT_LEAST: gettext_lazy("is at least"),
}
OF_TEXTS = (Operator.ONE_OF, Operator.STARTS_WITH, Operator.ENDS_WITH, Operator.CONTAINS)
OF_NUMBERS = (Operator.AT_MOST, Operator.AT_LEAST, Operator.IS)
WITHOUT_VALUE = {ANY, NOT_GIVEN, EXACTLY}
_WHOLE = re.compile(r"[+-]?[0-9]{1,300}")


@dataclass(frozen=True)
class Row:
    """One value of the card with the two fields that say what it has to be."""

    name: str
    shown: Field
    how: forms.BoundField
    what: forms.BoundField | None


class AllowForm(forms.Form):
    """Name, end, whose proposals, and a row for each argument, filled from a card."""

    name = forms.CharField(
        label=gettext_lazy("Name of the rule"),
        max_length=MAX_NAME,
        help_text=gettext_lazy("Cards, the history and the audit log show it."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Within a year. After it people decide again."),
    )

    def __init__(
        self, source: ActionRequest, rule: AllowRule | None = None, data: Any = None
    ) -> None:
        super().__init__(data, auto_id="allow-%s")
        self._source = source
        self._asker = rule.asker if rule is not None and rule.asker else source.requester
        self._set_usual(rule)
        conditions = {one.field: one for one in rule.all_conditions} if rule else {}
        for name, value in source.arguments.items():
            known = conditions.get(name)
            how, what = _filled(known) if known else _suggested(value)
            self._add(name, value, (ANY, "") if rule and not known else (how, what))

    @property
    def rows(self) -> Iterable[Row]:
        """One for each argument, in the order of the card."""
        for name, shown in zip(self._names(), fields_of_request(self._source), strict=True):
            what = self[_what(name)] if _what(name) in self.fields else None
            yield Row(name, shown, self[_how(name)], what)

    @property
    def wanted(self) -> RuleDraft:
        """What was filled in, once it is valid."""
        return RuleDraft(
            name=self.cleaned_data["name"],
            conditions=self.conditions,
            ends_at=end_of(self.cleaned_data["ends_on"]),
            asker=self.asker,
        )

    @property
    def asker(self) -> User | None:
        """The one person whose proposals pass; None for everybody."""
        return self._asker if self.cleaned_data["who"] == "one" else None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """One for each row that may not be anything."""
        found = (self._condition(name) for name in self._names())
        return tuple(one for one in found if one is not None)

    def clean_ends_on(self) -> date:
        """Within a year, so that it can be reckoned with."""
        last: date = self.cleaned_data["ends_on"]
        if not timezone.localdate() <= last < timezone.localdate() + LONGEST:
            raise ValidationError(
                _("Let the rule end on a day that is still to come, within a year.")
            )
        return last

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name, value in self._source.arguments.items():
            how, what = found.get(_how(name)), found.get(_what(name))
            if how not in {None, *WITHOUT_VALUE} and not str(what or "").strip():
                self.add_error(_what(name), _("Say what it has to be."))
            elif how in OF_NUMBERS and _is_number(value) and _as_number(what) is None:
                self.add_error(_what(name), _("Write a number."))
        return found

    def _set_usual(self, rule: AllowRule | None) -> None:
        today = timezone.localdate()
        choices = [("one", _("only %(name)s") % {"name": self._asker})] if self._asker else []
        choices.append(("all", _("everybody who may ask")))
        self.fields["who"] = forms.ChoiceField(label=_("Asked by"), choices=choices)
        self.initial = {"ends_on": today + USUAL, "who": "one" if self._asker else "all"}
        self.fields["ends_on"].widget.attrs |= {"min": today, "max": today + LONGEST - A_DAY}
        if rule is not None:
            last = timezone.localtime(rule.ends_at - timedelta(seconds=1)).date()
            who_now = "all" if rule.is_for_all else "one"
            self.initial |= {"name": rule.name, "ends_on": last, "who": who_now}

    def _add(self, name: str, value: object, filled: tuple[str, object]) -> None:
        label = self._labels().get(name, name)
        codes = _operators(value)
        self.fields[_how(name)] = forms.ChoiceField(
            label=_("%(label)s: what it has to be") % {"label": label},
            choices=[(code, WORDS[code]) for code in codes],
            initial=filled[0],
        )
        if set(codes) <= WITHOUT_VALUE:
            return
        named = _("%(label)s: the value") % {"label": label}
        if isinstance(value, bool):
            yes_no = [("yes", _("yes")), ("no", _("no"))]
            field: forms.Field = forms.ChoiceField(choices=yes_no, required=False)
        else:
            widget = forms.TextInput() if _is_number(value) else forms.Textarea(attrs={"rows": 2})
            field = TextField(required=False, max_length=5_000, strip=False, widget=widget)
        field.label, field.initial = named, filled[1]
        self.fields[_what(name)] = field

    def _condition(self, name: str) -> Condition | None:
        value = self._source.arguments[name]
        how, what = self.cleaned_data[_how(name)], self.cleaned_data.get(_what(name), "")
        if how == ANY:
            return None
        if how in WITHOUT_VALUE:
            return Condition(name, Operator.IS, value)
        operator = Operator(how)
        if operator is Operator.ONE_OF:
            lines = (line.strip() for line in what.splitlines())
            return Condition(name, operator, [line for line in lines if line])
        if isinstance(value, bool):
            return Condition(name, operator, what == "yes")
        if _is_number(value):
            return Condition(name, operator, _as_number(what))
        return Condition(name, operator, what.strip() if operator in OF_TEXTS else what)

    def _names(self) -> list[str]:
        """The arguments in the order of the card."""
        arguments, labels = self._source.arguments, self._labels()
        named = [name for name in labels if name in arguments]
        return [*named, *(name for name in arguments if name not in labels)]

    def _labels(self) -> Mapping[str, str]:
        fields = self._source.contract.get("fields", [])
        return {field["name"]: field["label"] for field in fields}


def _how(name: str) -> str:
    return f"how-{name}"


def _what(name: str) -> str:
    return f"what-{name}"


def _operators(value: object) -> tuple[str, ...]:
    """What can be asked of a value like this one."""
    if value in (None, "", []):
        return (ANY, NOT_GIVEN)
    if isinstance(value, bool):
        return (ANY, Operator.IS)
    if _is_number(value):
        return (ANY, *OF_NUMBERS)
    if isinstance(value, str):
        return (ANY, Operator.IS, *OF_TEXTS)
    is_texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return (ANY, *OF_TEXTS) if is_texts else (ANY, EXACTLY)


def _suggested(value: object) -> tuple[str, object]:
    """As narrow as the card itself; a long text may be anything."""
    if value in (None, "", []):
        return NOT_GIVEN, ""
    if isinstance(value, bool):
        return Operator.IS, "yes" if value else "no"
    if _is_number(value):
        return Operator.AT_MOST, value
    if isinstance(value, str):
        is_long = len(value) > LONG or "\n" in value
        return (ANY, "") if is_long else (Operator.IS, value)
    operators = _operators(value)
    return (Operator.ONE_OF, _lines(value)) if Operator.ONE_OF in operators else (EXACTLY, "")


def _filled(condition: Condition) -> tuple[str, object]:
    """A condition as the two fields that make it."""
    value = condition.value
    if value in (None, "", []):
        return NOT_GIVEN, ""
    if isinstance(value, bool):
        return Operator.IS, "yes" if value else "no"
    if isinstance(value, list | tuple) and condition.operator is Operator.ONE_OF:
        return Operator.ONE_OF, _lines(value)
    return (EXACTLY, "") if isinstance(value, list | tuple | dict) else (condition.operator, value)


def _lines(value: Any) -> str:
    return "\n".join(str(one) for one in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_number(text: object) -> int | float | None:
    written = str(text).strip()
    if _WHOLE.fullmatch(written):
        # Through a float another number would come out of a long one, such as that of an account.
        return int(written)
    try:
        number = float(written)
    except ValueError:
        return None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number.is_integer() else number
