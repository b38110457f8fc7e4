"""Addresses of the account pages."""

from django.urls import path

from atlas.accounts import away_views, views

app_name = "accounts"

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("profile/", views.profile, name="profile"),
    path("password/", views.password, name="password"),
    path("logout-everywhere/", views.sign_out_everywhere, name="logout-everywhere"),
    path("api-keys/", views.keys, name="api-keys"),
    path("api-keys/<int:key_id>/revoke/", views.revoke, name="revoke-api-key"),
    path("away/", away_views.away, name="away"),
    path("away/<int:absence_id>/end/", away_views.back, name="away-end"),
    path("setup/", views.setup, name="setup"),
]
