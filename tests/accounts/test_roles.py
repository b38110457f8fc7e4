"""Who may do what, as tables."""

import pytest

from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.accounts.roles import Role


@pytest.mark.parametrize(
    ("role", "reached"),
    [
        (Role.VIEWER, {Role.VIEWER}),
        (Role.ANALYST, {Role.VIEWER, Role.ANALYST}),
        (Role.ADMIN, {Role.VIEWER, Role.ANALYST, Role.ADMIN}),
    ],
)
def test_role_reaches_itself_and_what_is_below(role, reached):
    assert {other for other in Role if role.reaches(other)} == reached


@pytest.mark.parametrize("one", Role)
@pytest.mark.parametrize("other", Role)
def test_at_most_is_the_lower_of_two(one, other):
    assert one.at_most(other) == min(one, other, key=lambda role: role.rank)


@pytest.mark.parametrize(
    ("role", "is_active", "may_ask", "is_admin"),
    [
        (Role.VIEWER, True, False, False),
        (Role.ANALYST, True, True, False),
        (Role.ADMIN, True, True, True),
        (Role.VIEWER, False, False, False),
        (Role.ANALYST, False, False, False),
        (Role.ADMIN, False, False, False),
    ],
)
def test_rights_of_a_user_follow_role_and_access(role, is_active, may_ask, is_admin):
    user = User(pk=1, username="ann", role=role, is_active=is_active)
    assert user.may_ask is may_ask
    assert user.is_atlas_admin is is_admin
    assert user.has_perm("audit.view_auditentry") is is_admin
    assert user.has_module_perms("audit") is is_admin
    assert Principal.of(user).may_query("demo") is may_ask
    assert Principal.of(user).may_explore() is may_ask


def test_superuser_without_the_role_admin_decides_nothing():
    user = User(username="root", role=Role.ANALYST, is_superuser=True)
    assert not user.is_atlas_admin
    assert not user.has_perm("accounts.change_user")


@pytest.mark.django_db
def test_createsuperuser_makes_an_admin():
    user = User.objects.create_superuser("root", "root@example.com", "root-secret")
    assert (user.role, user.is_staff, user.is_atlas_admin) == (Role.ADMIN, True, True)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_is_staff_follows_the_role_whatever_was_set(role):
    user = User.objects.create_user("eve", role=role, is_staff=role is not Role.ADMIN)
    assert User.objects.get(pk=user.pk).is_staff is (role is Role.ADMIN)
