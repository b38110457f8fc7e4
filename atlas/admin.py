"""The admin site: for people of the role admin, with three panels on its first page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from atlas.accounts import services
from atlas.accounts.models import User
from atlas.admin_panels import panels


class AtlasAdminSite(AdminSite):
    """Stock Django admin; nobody but an active person of the role admin comes in."""

    site_header = _("Atlas administration")
    site_title = _("Atlas")
    index_title = _("At a glance")
    site_url = None
    index_template = "admin/atlas_index.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_atlas_admin", False))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One sign-in page for all, with one throttle; whoever is signed in lacks the role."""
        if request.user.is_authenticated:
            raise PermissionDenied(
                _("The administration is for the role admin. Ask an admin for what you need.")
            )
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Sign out as on every other page: it is recorded, and open sockets feel it at once."""
        if request.method == "POST" and isinstance(request.user, User):
            services.sign_out(request.user)
        return super().logout(request, extra_context)

    def password_change(  # type: ignore[override]  # leads elsewhere instead of drawing a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the only page for it, which slows guessing down, records, and closes sockets."""
        return redirect("accounts:password")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The list of tables under what needs a hand, health, and activity."""
        context = {"panels": panels()} | (extra_context or {})
        return super().index(request, context)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer nobody: no form here completes names, and the titles of conversations are names
        that an admin is not shown."""
        raise Http404
