"""Shows the secret with which the first admin is made."""

from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse

from atlas.accounts.first_admin import setup_secret
from atlas.env import environment


class Command(BaseCommand):
    """Prints the secret, or says that there is an admin already."""

    help = "Show the one-time secret for making the first admin."

    def handle(self, *args: Any, **options: Any) -> None:
        secret = setup_secret(environment().data_dir)
        if secret is None:
            self.stdout.write("This installation has an admin; nothing is left to set up.")
            return
        self.stdout.write(f"Open {reverse('accounts:setup')} and enter this secret: {secret}")
