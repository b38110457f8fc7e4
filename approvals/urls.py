"""Addresses of the queue, of single cards, and of decisions."""

from django.urls import path

from approvals import views

app_name = "approvals"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("<int:pk>/", views.card, name="card"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/reject/", views.reject, name="reject"),
    path("<int:pk>/found/", views.found, name="found"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
