"""Addresses of requests under `/api/v1/actions/`."""

from django.urls import path

from approvals.api import allow_rules as allow_api
from approvals.api import requests as api

app_name = "approvals-api"

urlpatterns = [
    path("", api.listing, name="list"),
    path("bulk", api.bulk, name="bulk"),
    path("rules", allow_api.rules, name="rules"),
    path("<int:pk>", api.detail, name="detail"),
    path("<int:pk>/approve", api.approve, name="approve"),
    path("<int:pk>/reject", api.reject, name="reject"),
    path("<int:pk>/rollback", api.rollback, name="rollback"),
]
