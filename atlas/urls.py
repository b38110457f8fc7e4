"""Addresses of the pages, gathered from the apps."""

from django.contrib import admin
from django.urls import include, path

from atlas import health

handler500 = "atlas.runtime.outage.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("atlas.accounts.urls")),
    path("approvals/", include("approvals.urls")),
    path("api/v1/actions/", include("approvals.api.urls")),
    path("api/v1/", include("atlas.datasources.api_urls")),
    path("admin/", admin.site.urls),
    path("plugins/", include("plugins_app.host.urls")),
    path("demo/", include("atlas.demo.urls")),
    path("", include("atlas.chat.urls")),
]
