"""Addresses of interaction plugins."""

from django.urls import path

from plugins_app.host import views

app_name = "plugins"
urlpatterns = [path("<str:plugin_id>/<path:path>", views.route, name="route")]
