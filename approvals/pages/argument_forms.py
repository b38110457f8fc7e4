"""A form to change the arguments of a request, made from the JSON schema of its action."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PREFIX = "argument"
LINE = 200
# JSON's numbers end there for most of the world; a larger one is only there to cost time.
LARGEST_EXPONENT = 308

Schema = Mapping[str, Any]
NOT_GIVEN = object()


class TextField(forms.CharField):
    """A text as it was written: browsers end lines in another way than what was asked for."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class ListField(forms.CharField):
    """A list of texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(item) for item in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = (line.strip() for line in super().clean(value).splitlines())
        return [line for line in lines if line]


class NumberField(forms.DecimalField):
    """A number that other systems can hold: writing out 1e999999999 would take minutes."""

    def to_python(self, value: Any) -> Any:
        number = super().to_python(value)
        if number is not None and abs(number.adjusted()) > LARGEST_EXPONENT:
            raise ValidationError(_("Write a number that is not as large or as small."))
        return number


TYPES: dict[str, type[forms.Field]] = {
    "integer": forms.IntegerField,
    "number": NumberField,
    "boolean": forms.BooleanField,
}


class ArgumentsForm(forms.Form):
    """One field for each argument; the plugin's own model checks the values afterwards."""

    def __init__(self, schema: Schema, arguments: Schema, data: Any = None) -> None:
        super().__init__(data, prefix=PREFIX, initial=dict(arguments))
        self._arguments = arguments
        self._emptied: dict[str, Any] = {}
        required = set(schema.get("required", []))
        for name, described in schema.get("properties", {}).items():
            shape = _resolved(described, schema)
            field = _field(shape, is_required=name in required)
            field.label = described.get("title") or name.replace("_", " ").capitalize()
            field.help_text = described.get("description", "")
            self.fields[name] = field
            if not field.required:
                self._emptied[name] = _emptied(described, shape)

    @property
    def arguments(self) -> dict[str, Any]:
        """What was filled in; an empty optional field means that the value is not given."""
        filled = {name: _plain(self.cleaned_data[name]) for name in self.fields}
        filled |= {
            name: value for name, value in self._emptied.items() if filled[name] in ("", None)
        }
        # What the schema does not name was not shown, so it stays as it was asked for.
        given = {**self._arguments, **filled}
        return {name: value for name, value in given.items() if value is not NOT_GIVEN}


def _emptied(described: Schema, shape: Schema) -> Any:
    """What an empty optional field stands for: null where that fits, else an empty text or nothing.

    What is not given at all gets the default of the plugin's own model.
    """
    if any(choice.get("type") == "null" for choice in described.get("anyOf", [])):
        return None
    return "" if shape.get("type") == "string" and "enum" not in shape else NOT_GIVEN


def _resolved(described: Schema, root: Schema) -> Schema:
    """The shape behind references and "or null"."""
    if "$ref" in described:
        name = described["$ref"].rpartition("/")[2]
        return _resolved(root.get("$defs", {}).get(name, {}), root)
    for choice in described.get("anyOf", []):
        if choice.get("type") != "null":
            return _resolved(choice, root)
    return described


def _field(shape: Schema, *, is_required: bool) -> forms.Field:
    kind = shape.get("type")
    if "enum" in shape:
        choices = [(value, str(value)) for value in shape["enum"]]
        empty = [] if is_required else [("", _("not given"))]
        return forms.ChoiceField(choices=[*empty, *choices], required=is_required)
    if kind == "boolean":
        return forms.BooleanField(required=False)
    if kind in TYPES:
        return TYPES[kind](required=is_required)
    if kind == "string":
        most = shape.get("maxLength")
        short = most is not None and most <= LINE
        widget = forms.TextInput() if short else forms.Textarea(attrs={"rows": 5})
        return TextField(max_length=most, required=is_required, strip=False, widget=widget)
    if kind == "array" and shape.get("items", {}).get("type") == "string":
        return ListField(required=is_required)
    return JsonField(required=is_required)


class JsonField(forms.JSONField):
    """Anything else, as JSON that a person can read."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except RecursionError:
            raise ValidationError(_("This is nested too deeply.")) from None


def _plain(value: Any) -> Any:
    """A number as JSON has it; everything else as it is."""
    if hasattr(value, "as_integer_ratio") and not isinstance(value, int | float):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
