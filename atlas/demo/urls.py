"""Addresses of the demo's own pages."""

from django.urls import path

from atlas.demo import views

app_name = "demo"

urlpatterns = [path("outbox/", views.outbox, name="outbox")]
