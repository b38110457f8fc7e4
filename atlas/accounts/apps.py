"""People, their roles, and how they sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "atlas.accounts"
    label = "accounts"

    def ready(self) -> None:
        from atlas.accounts import receivers  # noqa: F401, PLC0415 - it connects signals, and needs the models
