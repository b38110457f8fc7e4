"""Addresses of the chat."""

from django.urls import path

from atlas.chat import export_views, people_views, views

app_name = "chat"

urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("ask/", views.ask, name="ask"),
    path("sidebar/", views.sidebar, name="sidebar"),
    path("c/<uuid:conversation_id>/", views.conversation, name="conversation"),
    path("c/<uuid:conversation_id>/rename/", views.rename, name="rename"),
    path("c/<uuid:conversation_id>/delete/", views.delete, name="delete"),
    path("c/<uuid:conversation_id>/people/", people_views.people, name="people"),
    path(
        "c/<uuid:conversation_id>/people/<int:user_id>/remove/",
        people_views.remove,
        name="people-remove",
    ),
    path("runs/<uuid:run_id>/stop/", views.stop, name="stop"),
    path("runs/<uuid:run_id>/continue/", views.continue_run, name="continue"),
    path("results/<uuid:result_id>/", views.result, name="result"),
    path(
        "results/<uuid:result_id>.csv",
        export_views.result_file,
        {"form": "csv"},
        name="result-csv",
    ),
    path(
        "results/<uuid:result_id>.xlsx",
        export_views.result_file,
        {"form": "xlsx"},
        name="result-xlsx",
    ),
]
