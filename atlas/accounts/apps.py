"""People, their roles, and how they sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "atlas.accounts"
    label = "accounts"

    def ready(self) -> None:
        # App ready: models cannot be imported before.
        from atlas.accounts import receivers  # noqa: F401, PLC0415
