"""Makes people for the bench in the installation that ATLAS_DATA_DIR names; prints a password."""

import os
import secrets
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atlas.settings")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402  # needs the app registry

from atlas.accounts.models import User  # noqa: E402  # needs the app registry
from atlas.accounts.roles import Role  # noqa: E402  # needs the app registry


def name_of(number: int) -> str:
    return f"bench{number:03d}"


if __name__ == "__main__":
    password = secrets.token_urlsafe(12)
    digest = make_password(password)
    User.objects.bulk_create(
        User(username=name_of(number), password=digest, role=Role.ANALYST)
        for number in range(int(sys.argv[1]))
    )
    print(password)  # noqa: T201  # whoever started it reads it
