"""The account pages: sign in and out, profile, password, API keys, and the first admin."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from atlas.accounts import api_keys, first_admin, services, throttle
from atlas.accounts.forms import ApiKeyForm, FirstAdminForm, LoginForm, ProfileForm, wait_message
from atlas.accounts.models import ApiKey, User
from atlas.accounts.receivers import address_of
from atlas.accounts.signed_in import person
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.common.errors import AtlasError
from atlas.env import environment


class SignIn(LoginView):
    """The sign-in page; without any admin yet it says how to make the first one."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(setup_is_open=first_admin.is_open(), **kwargs)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; the person's sockets close within seconds."""
    if isinstance(request.user, User):
        services.sign_out(request.user)
    end_session(request)
    return redirect("accounts:login")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and address, and the ways to password, keys and signing out everywhere."""
    user = person(request)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            _save_profile(user, form)
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return _page(request, "accounts/profile.html", {"form": form})


@transaction.atomic
def _save_profile(user: User, form: ProfileForm) -> None:
    saved = form.save()
    record(
        AuditEvent.ACCOUNT_CHANGED,
        actor=user,
        subject=f"user {saved.get_username()}",
        body={"fields": form.changed_data},
    )


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other session of the person ends."""
    user = person(request)
    form = PasswordChangeForm(user, request.POST or None)
    if request.method == "POST":
        address = address_of(request)
        seconds = throttle.admit(user.get_username(), address)
        if seconds:
            form.add_error(None, wait_message(seconds))
        elif form.is_valid():
            throttle.forget(user.get_username(), address)
            chosen = form.cleaned_data["new_password1"]
            update_session_auth_hash(request, services.change_password(user, chosen, by=user))
            messages.success(request, _("Your password is changed. Other sessions have ended."))
            return redirect("accounts:profile")
    return _page(request, "accounts/password.html", {"form": form})


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the person, this one included."""
    user = person(request)
    services.logout_everywhere(user, by=user)
    end_session(request)
    return redirect("accounts:login")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The person's API keys, and the form for one more; its text is shown this once."""
    user = person(request)
    form = ApiKeyForm(request.POST or None, owner=user)
    made, text = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, text = api_keys.create_key(
                user,
                name=form.cleaned_data["name"],
                role=form.role_chosen,
                scopes=form.scopes_chosen,
                lasting=form.lasting,
                by=user,
            )
            form = ApiKeyForm(owner=user)
        except AtlasError as error:
            form.add_error(None, error.user_message)
    context = {"form": form, "made": made, "text": text, "keys": api_keys.keys_of(user)}
    return _page(request, "accounts/api_keys.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """End one of the person's own keys."""
    user = person(request)
    key = api_keys.revoke_key(get_object_or_404(ApiKey, pk=key_id, owner=user), by=user)
    messages.success(request, _("The key “%(name)s” is revoked.") % {"name": key.name})
    return redirect("accounts:api-keys")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first admin with the secret that only the server's operator can read."""
    if not first_admin.is_open():
        return redirect("accounts:login")
    form = FirstAdminForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _first_admin(request, form)
        if made is not None:
            login(request, made, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("chat:home")
    return _page(request, "accounts/setup.html", {"form": form})


def _first_admin(request: HttpRequest, form: FirstAdminForm) -> User | None:
    seconds = throttle.admit("set-up secret", address_of(request))
    if seconds:
        form.add_error("secret", wait_message(seconds))
        return None
    user = form.save(commit=False)
    try:
        return first_admin.make_first_admin(
            form.cleaned_data["secret"], user, data_dir=environment().data_dir
        )
    except AtlasError as error:
        form.add_error("secret", error.user_message)
        return None


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show a form; one that was refused answers 422, so that scripts notice it as well."""
    form = context["form"]
    return render(request, template, context, status=422 if form.errors else 200)
