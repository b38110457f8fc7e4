"""The admin site: for people of the role admin, with three panels on its first page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from atlas.admin_panels import panels


class AtlasAdminSite(AdminSite):
    """Stock Django admin; nobody but an active person of the role admin comes in."""

    site_header = _("Atlas administration")
    site_title = _("Atlas")
    index_title = _("At a glance")
    index_template = "admin/atlas_index.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_atlas_admin", False))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The list of tables under what needs a hand, health, and activity."""
        context = {"panels": panels()} | (extra_context or {})
        return super().index(request, context)
