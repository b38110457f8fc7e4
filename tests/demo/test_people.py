"""The five people of the demo: made once, and given new passwords only when asked."""

import pytest
from django.contrib.auth import authenticate

from atlas.accounts.models import User
from atlas.demo.people import make_people

pytestmark = pytest.mark.django_db

EXPECTED = [
    ("vic", "viewer"),
    ("ann", "analyst"),
    ("bob", "analyst"),
    ("ada", "admin"),
    ("abe", "admin"),
]


def test_everybody_is_made_with_a_password_that_works() -> None:
    accounts = make_people()

    assert [(account.username, account.role.value) for account in accounts] == EXPECTED
    for account in accounts:
        assert authenticate(username=account.username, password=account.password) is not None
    assert len({account.password for account in accounts}) == 5


def test_the_second_time_nothing_changes() -> None:
    first = make_people()

    assert make_people() == []
    assert authenticate(username="ann", password=first[1].password) is not None


def test_reset_gives_new_passwords_and_closes_what_is_open() -> None:
    old = make_people()
    epoch = User.objects.get(username="ann").epoch

    new = make_people(reset=True)

    assert authenticate(username="ann", password=old[1].password) is None
    assert authenticate(username="ann", password=new[1].password) is not None
    assert User.objects.get(username="ann").epoch > epoch


def test_reset_gives_role_and_access_back() -> None:
    make_people()
    User.objects.filter(username="ada").update(role="viewer", is_staff=False, is_active=False)

    make_people(reset=True)

    ada = User.objects.get(username="ada")
    assert (ada.role, ada.is_active, ada.is_staff) == ("admin", True, True)


def test_somebody_else_is_left_alone() -> None:
    User.objects.create(username="eve", role="viewer")

    make_people(reset=True)

    assert User.objects.count() == 6
