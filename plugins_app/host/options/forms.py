"""The form of a plugin's options, made from its configuration model; secrets are write-only."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from plugins_app.host.options.fields import field_for, is_plain_secret, secret_field
from plugins_app.host.options.overrides import secret_fields
from plugins_app.host.options.secrets import redacted
from plugins_app.sdk import Plugin

FORGET = "forget-"
PREFIX = "option"
# What pydantic writes in the place of a secret that lies deeper.
PYDANTIC_MASK = "*" * 10


class OptionForm(forms.Form):
    """Holds one field for each option; `values` is what differs from the operator's file."""

    def __init__(
        self, plugin: Plugin[Any], stored: Mapping[str, Any], data: Mapping[str, Any] | None = None
    ) -> None:
        """Show what is in force: the stored options over those of the file."""
        # A prefix, so that no option can have the name of something else that the page sends.
        super().__init__(data, prefix=PREFIX, label_suffix="")
        self._model = model_of(plugin)
        self._file = _of_file(plugin, self._model)
        self._stored = stored
        self._secret = secret_fields(self._model)
        self.only_in_file: list[str] = []
        for name, info in (self._model.model_fields if self._model else {}).items():
            self._add(name, info)

    def clean(self) -> dict[str, Any]:
        """Refuse a secret where none belongs: it would be stored and shown as it is."""
        cleaned = super().clean() or {}
        for name in [one for one in self.fields if one not in self._secret]:
            if _holds_secrets(name, cleaned.get(name)):
                self.add_error(
                    name,
                    _("It holds a secret, which would be stored as it is. Put it in your file."),
                )
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The options to store, secrets in plain text; only after `is_valid`."""
        kept: dict[str, Any] = {}
        for name in self._model.model_fields if self._model else ():
            given = self.cleaned_data.get(name)
            if name in self.only_in_file:
                continue
            if name in self._secret:
                kept |= self._secret_value(name, given)
            elif given != self._file.get(name) and not self._is_left_out(name, given):
                kept[name] = given
        return kept

    def _add(self, name: str, info: FieldInfo) -> None:
        label = info.title or name
        value = self._stored.get(name, self._file.get(name))
        if name in self._secret and not is_plain_secret(info):
            self.only_in_file.append(name)
        elif name in self._secret:
            self.fields[name] = secret_field(info, label, self._known(name))
            if name in self._stored:
                text = _("Use what the file says for “%(name)s” again") % {"name": label}
                self.fields[FORGET + name] = forms.BooleanField(label=text, required=False)
        elif _holds_secrets(name, value):
            self.only_in_file.append(name)
        else:
            self.fields[name] = field_for(info, label, value)

    def _is_left_out(self, name: str, given: Any) -> bool:
        return name not in self._file and given in (None, "")

    def _known(self, name: str) -> str:
        if name in self._stored:
            return _("A stored one is in force. Leave this empty to keep it.")
        if name in self._file:
            return _("The one of the file is in force. Leave this empty to keep it.")
        return _("There is none yet.")

    def _secret_value(self, name: str, given: Any) -> dict[str, Any]:
        if given:
            return {name: given}
        if self.cleaned_data.get(FORGET + name) or name not in self._stored:
            return {}
        return {name: self._stored[name]}


def model_of(plugin: Plugin[Any]) -> type[BaseModel] | None:
    """Return the pydantic model of the plugin's options, if it has one."""
    model = plugin.origin.model if plugin.origin else None
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _of_file(plugin: Plugin[Any], model: type[BaseModel] | None) -> dict[str, Any]:
    """What each option is without anything stored; a required one that is missing has no entry."""
    found: dict[str, Any] = {}
    given = plugin.origin.options if plugin.origin else {}
    for name, info in (model.model_fields if model else {}).items():
        if name in given:
            found[name] = to_jsonable_python(given[name], fallback=str)
        elif not info.is_required():
            default = info.get_default(call_default_factory=True, validated_data={})
            found[name] = to_jsonable_python(default, fallback=str)
    return found


def _holds_secrets(name: str, value: Any) -> bool:
    """Whether a value would show a secret of a plain type: a telling name, a password in a URL."""
    return redacted(name, value) != value or PYDANTIC_MASK in str(value)
