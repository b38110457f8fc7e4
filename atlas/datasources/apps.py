"""Asking datasources: the query path, stored results and the semantic layer in force."""

from django.apps import AppConfig


class DatasourcesConfig(AppConfig):
    name = "atlas.datasources"
    label = "datasources"
