"""People and API keys in the admin; rights change only through the services."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.accounts import api_keys, services
from atlas.accounts.models import ApiKey, User
from atlas.accounts.roles import Role
from atlas.accounts.signed_in import person
from atlas.audit.events import AuditEvent
from atlas.audit.record import record

# Roles say everything; groups would only look as if they gave rights.
admin.site.unregister(Group)


class PersonForm(UserChangeForm[User]):
    """Refuses to take the last admin away before anything is saved."""

    class Meta:
        model = User
        fields = (
            "username",
            "password",
            "first_name",
            "last_name",
            "email",
            "role",
            "is_active",
            "claims",
        )

    def clean_claims(self) -> dict[str, Any]:
        # An empty field is no claims at all, which JSON would call null.
        return self.cleaned_data["claims"] or {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        user = self.instance
        leaves = not cleaned.get("is_active", True) or cleaned.get("role") != Role.ADMIN
        if user.pk and leaves and services.is_last_admin(user):
            raise forms.ValidationError(
                _("This is the last admin. Make somebody else an admin first.")
            )
        return cleaned


class NewPersonForm(BaseUserCreationForm[User]):
    """Name, role and first password."""

    class Meta:
        model = User
        fields = ("username", "role", "email")


class ApiKeyInline(admin.TabularInline[ApiKey, User]):
    """A person's keys, to look at; the list of API keys revokes."""

    model = ApiKey
    extra = 0
    can_delete = False
    fields = readonly_fields = (
        "name",
        "prefix",
        "role",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """Make people, give them roles, deactivate them. Nobody is deleted: their name stays on what
    they did."""

    form = PersonForm
    add_form = NewPersonForm
    list_display = ("username", "first_name", "last_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Person"), {"fields": ("first_name", "last_name", "email")}),
        (gettext_lazy("Rights"), {"fields": ("role", "is_active", "claims")}),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = ((None, {"fields": ("username", "role", "email", "password1", "password2")}),)
    inlines = (ApiKeyInline,)
    actions = ("sign_out_everywhere",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else ()

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        by = person(request)
        if not change:
            obj.save()
            _record(AuditEvent.ACCOUNT_MADE, obj, by, {"role": obj.role})
            return
        before = User.objects.get(pk=obj.pk)
        role, is_active = Role(obj.role), obj.is_active
        obj.role, obj.is_active = before.role, before.is_active
        obj.save(update_fields=["username", "first_name", "last_name", "email", "claims"])
        if (before.username, before.claims) != (obj.username, obj.claims):
            # Row policies and groups go by them, and an open socket holds those of before.
            services.rights_changed(obj)
        services.set_role(obj, role, by=by)
        (services.activate if is_active else services.deactivate)(obj, by=by)
        changed = [name for name in form.changed_data if name not in {"role", "is_active"}]
        if changed:
            _record(AuditEvent.ACCOUNT_CHANGED, obj, by, {"fields": changed})

    @method_decorator(transaction.atomic)
    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        answer = super().user_change_password(request, id, form_url)
        user = self.get_object(request, id)
        if answer.status_code == 302 and user is not None:
            services.note_new_password(user, by=person(request))
        return answer

    @admin.action(description=gettext_lazy("Sign out everywhere"))
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            services.logout_everywhere(user, by=person(request))
        messages.success(request, _("They are signed out everywhere."))


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    """Everybody's keys: to look at and to revoke. People make their keys themselves."""

    list_display = (
        "prefix",
        "name",
        "owner",
        "role",
        "scopes",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_filter = ("role", "revoked_at")
    search_fields = ("prefix", "name", "owner__username")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Revoke selected keys"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            api_keys.revoke_key(key, by=person(request))
        messages.success(request, _("The keys are revoked."))


def _record(event: AuditEvent, user: User, by: User, details: dict[str, object]) -> None:
    record(event, actor=by, subject=f"user {user.get_username()}", body=details)
