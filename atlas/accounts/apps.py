"""People, their roles, and how they sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "atlas.accounts"
    label = "accounts"
