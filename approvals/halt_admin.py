"""The kill switch in Django admin: an admin stops everything with a reason, and lets it go on."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals import halting
from approvals.models import Halt
from atlas.accounts.signed_in import person
from atlas.common.errors import AtlasError
from atlas.common.read_only import ReadOnly

LIST = "admin:approvals_halt_changelist"


class HaltForm(forms.ModelForm[Halt]):
    reason = forms.CharField(
        label=gettext_lazy("Why is everything stopped?"),
        help_text=gettext_lazy(
            "Everybody reads it. Running answers are stopped, no question is begun, and nothing "
            "that is approved is carried out until an admin lifts the order."
        ),
        max_length=halting.MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Halt
        fields = ["reason"]


@admin.register(Halt)
class HaltAdmin(ReadOnly, admin.ModelAdmin[Halt]):
    """Orders to stop, newest first; what is over is only read."""

    form = HaltForm
    list_display = [
        "reason",
        "in_force",
        "ordered_by_name",
        "ordered_at",
        "lifted_by_name",
        "lifted_at",
    ]
    search_fields = ["reason", "ordered_by_name", "lifted_by_name"]
    change_list_template = "admin/approvals/halts.html"
    add_form_template = "admin/approvals/stop.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["reason"] if obj is None else self.list_display

    def get_urls(self) -> list[URLPattern]:
        lift = self.admin_site.admin_view(self.lift)
        return [path("lift/", lift, name="approvals_halt_lift"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"order": halting.in_force(), **(extra_context or {})}
        return super().changelist_view(request, context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            context = {"title": _("Stop everything"), **(extra_context or {})}
            return super().add_view(request, form_url, context)
        except AtlasError as error:
            self.message_user(request, error.user_message, messages.ERROR)
            return redirect(LIST)

    def save_model(self, request: HttpRequest, obj: Halt, form: Any, change: bool) -> None:
        obj.pk = halting.halt(by=person(request), reason=obj.reason).pk

    def response_add(
        self, request: HttpRequest, obj: Halt, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, _("Everything is stopped."), messages.WARNING)
        return redirect(LIST)

    def lift(self, request: HttpRequest) -> HttpResponse:
        """Ask once more, then let everything go on."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            halting.lift(by=person(request))
            self.message_user(request, _("Everything goes on."), messages.SUCCESS)
            return redirect(LIST)
        page = {
            **self.admin_site.each_context(request),
            "title": _("Let everything go on"),
            "order": halting.in_force(),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/approvals/lift.html", page)
