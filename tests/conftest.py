"""People of the tests, the plugins that give them a real Postgres, and how examples are drawn."""

import os

import pytest
from hypothesis import settings

from atlas.accounts.models import User
from atlas.accounts.roles import Role

pytest_plugins = [
    "tests.database",
    "tests.hosted",
    "tests.ordering",
    "tests.processes.fleet",
    "tests.required",
]


# The same examples each time, so that nobody's change is refused for what chance found just then;
# the long run looks for new ones.
settings.register_profile("atlas", deadline=None, derandomize="ATLAS_TEST_LONG" not in os.environ)
settings.load_profile("atlas")


def _person(name: str, role: Role) -> User:
    return User.objects.create_user(name, f"{name}@example.com", f"{name}-secret", role=role)


@pytest.fixture
def ann(db: None) -> User:
    return _person("ann", Role.ANALYST)


@pytest.fixture
def bob(db: None) -> User:
    return _person("bob", Role.ANALYST)


@pytest.fixture
def ada(db: None) -> User:
    return _person("ada", Role.ADMIN)


@pytest.fixture
def abe(db: None) -> User:
    return _person("abe", Role.ADMIN)


@pytest.fixture
def vic(db: None) -> User:
    return _person("vic", Role.VIEWER)
