"""People of the tests, and the plugins that give them a real Postgres."""

import pytest

from atlas.accounts.models import User
from atlas.accounts.roles import Role

pytest_plugins = [
    "tests.database",
    "tests.hosted",
    "tests.ordering",
    "tests.processes.fleet",
    "tests.required",
]


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
