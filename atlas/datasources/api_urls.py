"""Addresses of the query path for programs."""

from django.urls import path

from atlas.datasources import api

urlpatterns = [path("validate-sql", api.validate_sql, name="api-validate-sql")]
