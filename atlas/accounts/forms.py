"""The forms of the account pages; each names its fields one by one."""

import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, BaseUserCreationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from atlas.accounts import throttle
from atlas.accounts.models import User
from atlas.accounts.receivers import address_of, record_throttled
from atlas.accounts.roles import Role, Scope
from atlas.common.days import begin_of, end_of

EXPIRIES = {"30": _("30 days"), "90": _("90 days"), "365": _("1 year"), "": _("never")}


def wait_message(seconds: int) -> str:
    """The sentence for somebody who has to wait."""
    text = ngettext(
        "Too many tries. Wait %(seconds)s second, then try again.",
        "Too many tries. Wait %(seconds)s seconds, then try again.",
        seconds,
    )
    return text % {"seconds": seconds}


class LoginForm(AuthenticationForm):
    """Django's form, which also makes those wait who fail again and again."""

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if username is None or not self.cleaned_data.get("password"):
            return super().clean()
        address = address_of(self.request)
        seconds = throttle.admit(username, address)
        if seconds:
            record_throttled(address, seconds)
            raise ValidationError(wait_message(seconds), code="throttled")
        cleaned = super().clean()
        throttle.forget(username, address)
        return cleaned


class ProfileForm(forms.ModelForm[User]):
    """What people may change about themselves; never role or access."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "email_notices")

    def clean_first_name(self) -> str:
        return _printable(self.cleaned_data["first_name"])

    def clean_last_name(self) -> str:
        return _printable(self.cleaned_data["last_name"])

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        # Django lets a quoted part hold characters that would end the line of a mail's header.
        if not email.isprintable():
            raise ValidationError(_("Write the address without control characters."))
        return email


def _printable(name: str) -> str:
    """The name, if it is one line of visible characters: others read it on cards."""
    if not name.isprintable():
        raise ValidationError(_("Use letters only, on one line."))
    return name


class FirstAdminForm(BaseUserCreationForm[User]):
    """The first admin: the secret from the server, then name and password."""

    secret = forms.CharField(
        label=_("Set-up secret"),
        max_length=200,
        help_text=_("The server prints it at start; manage.py setup_secret shows it again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    field_order = ("secret", "username", "password1", "password2")

    class Meta:
        model = User
        fields = ("username",)


class ApiKeyForm(forms.Form):
    """A new key; the roles on offer end at the owner's own."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What the key is for, such as “Monday report”.")
    )
    role = forms.ChoiceField(label=_("Role"))
    scopes = forms.MultipleChoiceField(
        label=_("May also"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Without a tick the key only reads."),
    )
    expires = forms.ChoiceField(
        label=_("Expires after"), choices=list(EXPIRIES.items()), required=False, initial="90"
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [role for role in Role if owner.as_role.reaches(role)]
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(role.value, role.label) for role in allowed]

    @property
    def scopes_chosen(self) -> list[Scope]:
        return [Scope(scope) for scope in self.cleaned_data["scopes"]]

    @property
    def role_chosen(self) -> Role:
        return Role(self.cleaned_data["role"])

    @property
    def lasting(self) -> datetime.timedelta | None:
        days = self.cleaned_data["expires"]
        return datetime.timedelta(days=int(days)) if days else None


class AwayForm(forms.Form):
    """Who decides while the person is away: whole days in the time zone of the pages."""

    username = forms.CharField(
        label=_("Who decides for you?"),
        max_length=150,
        help_text=_("The user name of a colleague whose role is at least yours."),
    )
    first_day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    @property
    def starts_at(self) -> datetime.datetime:
        return begin_of(self.cleaned_data["first_day"])

    @property
    def ends_at(self) -> datetime.datetime:
        return end_of(self.cleaned_data["last_day"])
