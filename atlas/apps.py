"""The project as a Django app: its commands, its system checks and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class AtlasConfig(AppConfig):
    name = "atlas"
    label = "atlas"


class AtlasAdminConfig(AdminConfig):
    default_site = "atlas.admin.AtlasAdminSite"
