"""One form field for each option of a plugin's configuration model."""

import enum
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from django import forms
from pydantic import Secret, SecretStr
from pydantic.fields import FieldInfo

SECRET_WIDGET = forms.PasswordInput(attrs={"autocomplete": "new-password"})
PLAIN: dict[type, Callable[..., forms.Field]] = {
    int: forms.IntegerField,
    float: forms.FloatField,
}


def field_for(info: FieldInfo, label: str, value: Any) -> forms.Field:
    """Return the field of an option that is not secret, showing the value in force."""
    annotation, may_be_none = _without_none(info.annotation)
    said: dict[str, Any] = {"label": label, "help_text": info.description or "", "initial": value}
    if annotation is bool and not may_be_none:
        return forms.BooleanField(required=False, **said)
    choices = _choices(annotation)
    if choices:
        empty = [("", "")] if may_be_none else []
        listed = [*empty, *((choice, choice) for choice in choices)]
        return forms.TypedChoiceField(
            choices=listed, required=not may_be_none, empty_value=_empty(may_be_none), **said
        )
    if annotation in PLAIN:
        return PLAIN[annotation](required=not may_be_none, **said)
    if _is_text(annotation):
        return forms.CharField(required=False, strip=False, empty_value=_empty(may_be_none), **said)
    return forms.JSONField(required=False, widget=forms.Textarea(attrs={"rows": 4}), **said)


def secret_field(info: FieldInfo, label: str, known: str) -> forms.Field:
    """Return the field of a secret: it can be written and is never shown."""
    text = " ".join(part for part in (info.description, known) if part)
    return forms.CharField(
        required=False, strip=False, widget=SECRET_WIDGET, label=label, help_text=text
    )


def is_plain_secret(info: FieldInfo) -> bool:
    """Whether the option itself is a secret text, and not something that holds secrets."""
    annotation, _may_be_none = _without_none(info.annotation)
    return isinstance(annotation, type) and issubclass(annotation, SecretStr | Secret)


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation, False
    rest = [part for part in get_args(annotation) if part is not type(None)]
    found_none = len(rest) < len(get_args(annotation))
    return (rest[0] if len(rest) == 1 else annotation), found_none


def _choices(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        values = list(get_args(annotation))
    elif isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        values = [member.value for member in annotation]
    else:
        return []
    return values if all(isinstance(value, str) for value in values) else []


def _is_text(annotation: Any) -> bool:
    # Addresses of pydantic, such as AnyHttpUrl, are texts in every stored form.
    if not isinstance(annotation, type):
        return False
    return issubclass(annotation, str | Path) or annotation.__module__ == "pydantic.networks"


def _empty(may_be_none: bool) -> str | None:
    return None if may_be_none else ""
