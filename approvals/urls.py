"""Addresses of the queue, of single cards, and of decisions."""

from django.urls import path

from approvals.allow_rules import views as allow_views
from approvals.history import views as history_views
from approvals.pages import batch_views, change_views, explain_views, views

app_name = "approvals"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("batch/", batch_views.batch, name="batch"),
    path("history/", history_views.history, name="history"),
    path("history/export/", history_views.export, name="history-export"),
    path("statistics/", history_views.statistics, name="statistics"),
    path("<int:pk>/", views.card, name="card"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/reject/", views.reject, name="reject"),
    path("<int:pk>/change/", change_views.change, name="change"),
    path("rules/", allow_views.rules, name="rules"),
    path("rules/new/", allow_views.new, name="rule-new"),
    path("rules/<int:pk>/", allow_views.edit, name="rule"),
    path("rules/<int:pk>/revoke/", allow_views.revoke, name="rule-revoke"),
    path("<int:pk>/explain/", explain_views.explanation, name="explain"),
    path("<int:pk>/comment/", views.comment, name="comment"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/ask-again/", views.ask_again, name="ask-again"),
    path("<int:pk>/found/", views.found, name="found"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
