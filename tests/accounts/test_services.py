"""Changes of rights: who may, what is recorded, and that the last admin stays."""

import threading

import pytest
from django.db import connection

from atlas.accounts import services
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.audit.models import AuditEntry
from atlas.common.errors import BadInput, NotAllowed

pytestmark = pytest.mark.django_db

CHANGES = {
    "role": (lambda user, by: services.set_role(user, Role.VIEWER, by=by), "account.role_changed"),
    "deactivate": (lambda user, by: services.deactivate(user, by=by), "account.deactivated"),
    "password": (
        lambda user, by: services.change_password(user, "new secret", by=by),
        "account.password_changed",
    ),
    "everywhere": (
        lambda user, by: services.logout_everywhere(user, by=by),
        "account.signed_out_everywhere",
    ),
}


@pytest.fixture
def heard(cluster):
    """The keys that were sent on the topic of users, after the surrounding commit."""
    with cluster.superuser() as listener:
        listener.execute("LISTEN atlas_user")

        def keys():
            listener.execute("NOTIFY atlas_user, 'no more'")
            payloads = [note.payload for note in listener.notifies(timeout=60, stop_after=2)]
            assert payloads.pop() == "no more"
            return payloads

        yield keys


@pytest.mark.parametrize("change", CHANGES)
def test_change_by_an_admin_bumps_the_epoch_and_is_recorded(ann, ada, change):
    act, event = CHANGES[change]
    changed = act(ann, ada)
    assert changed.epoch == 1
    assert User.objects.get(pk=ann.pk).epoch == 1
    entry = AuditEntry.objects.latest("id")
    assert (entry.event, entry.actor_name, entry.subject) == (event, "ada", "user ann")
    assert entry.body["user_id"] == ann.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", CHANGES)
def test_change_wakes_the_sockets_of_the_person(ann, ada, heard, change):
    CHANGES[change][0](ann, ada)
    assert heard() == [str(ann.pk)]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["bob", "vic", "superuser", "deactivated"])
def test_change_is_refused_to_everybody_else(ann, change, who, request):
    if who == "superuser":
        by = User.objects.create_user("root", role=Role.ANALYST, is_superuser=True)
    elif who == "deactivated":
        by = User.objects.create_user("old", role=Role.ADMIN, is_active=False)
    else:
        by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        CHANGES[change][0](ann, by)
    assert User.objects.get(pk=ann.pk).epoch == 0
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("change", ["password", "everywhere"])
def test_people_change_their_own_password_and_sessions(ann, change):
    act, event = CHANGES[change]
    act(ann, ann)
    entry = AuditEntry.objects.latest("id")
    assert (entry.event, entry.actor_name) == (event, "ann")


@pytest.mark.parametrize("change", ["role", "deactivate"])
def test_people_do_not_change_their_own_rights(ann, change):
    with pytest.raises(NotAllowed):
        CHANGES[change][0](ann, ann)


@pytest.mark.parametrize("change", ["role", "deactivate"])
def test_last_admin_stays(ada, change):
    User.objects.create_user("old", role=Role.ADMIN, is_active=False)
    with pytest.raises(BadInput, match="last admin") as refused:
        CHANGES[change][0](ada, ada)
    assert refused.value.code == "last_admin"
    kept = User.objects.get(pk=ada.pk)
    assert (kept.role, kept.is_active) == (Role.ADMIN, True)
    assert services.is_last_admin(ada)


@pytest.mark.parametrize("change", ["role", "deactivate"])
def test_admin_leaves_when_there_is_another(ada, abe, change):
    assert not services.is_last_admin(ada)
    CHANGES[change][0](ada, ada)
    assert services.is_last_admin(abe)


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_leave_at_once_do_not_both_leave(ada, abe):
    start = threading.Barrier(2)
    outcomes = []

    def leave(user):
        try:
            start.wait()
            services.set_role(user, Role.VIEWER, by=user)
            outcomes.append("left")
        except BadInput as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[user]) for user in (ada, abe)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["last_admin", "left"]
    assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == 1


def test_role_that_is_the_same_changes_nothing(ann, ada):
    services.set_role(ann, Role.ANALYST, by=ada)
    assert User.objects.get(pk=ann.pk).epoch == 0
    assert AuditEntry.objects.count() == 0


def test_role_of_admin_gives_staff_and_its_loss_takes_it(ann, ada):
    assert services.set_role(ann, Role.ADMIN, by=ada).is_staff
    assert AuditEntry.objects.latest("id").body == {
        "user_id": ann.pk,
        "before": "analyst",
        "after": "admin",
    }
    assert not services.set_role(ann, Role.ANALYST, by=ada).is_staff


def test_deactivated_person_can_be_activated_again(ann, ada):
    services.deactivate(ann, by=ada)
    assert services.activate(ann, by=ada).is_active
    assert User.objects.get(pk=ann.pk).epoch == 2
    assert AuditEntry.objects.latest("id").event == "account.activated"
    with pytest.raises(NotAllowed):
        services.activate(ann, by=ann)
