"""The first admin: only with the server's secret, only once."""

import io
import threading

import pytest
from django.core.management import call_command
from django.db import connection

from atlas.accounts import first_admin
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.audit.models import AuditEntry
from atlas.common.errors import NotAllowed, NotFound
from atlas.env import Environment

pytestmark = pytest.mark.django_db


def person(name="root"):
    user = User(username=name)
    user.set_password("a long secret")
    return user


def test_secret_is_made_once_and_private(tmp_path):
    secret = first_admin.setup_secret(tmp_path)
    assert len(secret) > 40
    assert first_admin.setup_secret(tmp_path) == secret
    file = tmp_path / first_admin.FILE
    assert file.read_text() == secret
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [first_admin.FILE]


def test_secret_is_none_when_there_is_an_admin(tmp_path, ada):
    assert first_admin.setup_secret(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("role", "is_active", "is_superuser"),
    [(Role.ADMIN, False, False), (Role.ANALYST, True, True), (Role.VIEWER, True, False)],
)
def test_setup_stays_open_while_nobody_can_administrate(role, is_active, is_superuser):
    User.objects.create_user("x", role=role, is_active=is_active, is_superuser=is_superuser)
    assert first_admin.is_open()


@pytest.mark.django_db(transaction=True)
def test_first_admin_is_made_and_the_secret_is_gone(tmp_path):
    secret = first_admin.setup_secret(tmp_path)
    made = first_admin.make_first_admin(f" {secret}\n", person(), data_dir=tmp_path)
    assert User.objects.get(pk=made.pk).is_atlas_admin
    assert not (tmp_path / first_admin.FILE).exists()
    assert AuditEntry.objects.get().event == "account.first_admin_made"
    with pytest.raises(NotFound):
        first_admin.make_first_admin(secret, person("other"), data_dir=tmp_path)


@pytest.mark.parametrize("secret", ["", "wrong", "é", "\ud800"])
def test_first_admin_needs_the_very_secret(tmp_path, secret):
    first_admin.setup_secret(tmp_path)
    with pytest.raises(NotAllowed, match="setup_secret"):
        first_admin.make_first_admin(secret, person(), data_dir=tmp_path)
    assert User.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_becomes_the_first_admin(tmp_path):
    secret = first_admin.setup_secret(tmp_path)
    start = threading.Barrier(2)
    outcomes = []

    def make(name):
        try:
            start.wait()
            first_admin.make_first_admin(secret, person(name), data_dir=tmp_path)
            outcomes.append("made")
        except NotFound:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=[name]) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["late", "made"]
    assert User.objects.count() == 1


def test_command_shows_the_secret_until_there_is_an_admin(tmp_path, monkeypatch, request):
    environment = Environment(data_dir=tmp_path)
    monkeypatch.setattr(
        "atlas.accounts.management.commands.setup_secret.environment", lambda: environment
    )
    out = io.StringIO()
    call_command("setup_secret", stdout=out)
    secret = (tmp_path / first_admin.FILE).read_text()
    assert out.getvalue() == f"Open /accounts/setup/ and enter this secret: {secret}\n"
    request.getfixturevalue("ada")
    out = io.StringIO()
    call_command("setup_secret", stdout=out)
    assert out.getvalue() == "This installation has an admin; nothing is left to set up.\n"
