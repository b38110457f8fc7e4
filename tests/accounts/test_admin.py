"""People and keys in the admin: through the services, never around them."""

import pytest
from django.urls import reverse

from atlas.accounts.api_keys import create_key
from atlas.accounts.models import ApiKey, User
from atlas.accounts.roles import Role
from atlas.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

PEOPLE = reverse("admin:accounts_user_changelist")
KEYS = reverse("admin:accounts_apikey_changelist")
OWN_PASSWORD = reverse("admin:password_change")
INLINE = {
    "api_keys-TOTAL_FORMS": "0",
    "api_keys-INITIAL_FORMS": "0",
}


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def address_of(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def data_of(user, **changes):
    data = {"username": user.username, "role": user.role, "email": user.email, **INLINE}
    if user.is_active:
        data["is_active"] = "on"
    data.update(changes)
    return {key: value for key, value in data.items() if value is not None}


def events():
    found = AuditEntry.objects.exclude(event="account.signed_in").order_by("id")
    return [(entry.event, entry.actor_name, entry.subject) for entry in found]


@pytest.mark.parametrize(("who", "status"), [("ann", 403), ("vic", 403), (None, 302)])
def test_admin_lets_in_nobody_but_admins(client, who, status, request):
    if who:
        client.force_login(request.getfixturevalue(who))
    answer = client.get(PEOPLE, follow=bool(who))
    assert answer.status_code == status


def test_admin_sends_strangers_to_the_one_sign_in_page(client):
    answer = client.get(PEOPLE, follow=True)
    assert answer.redirect_chain[-1][0] == f"/accounts/login/?next={PEOPLE}"


@pytest.mark.parametrize("page", [PEOPLE, KEYS, reverse("admin:accounts_user_add")])
def test_pages_of_people_and_keys_open(as_ada, ann, page):
    create_key(ann, name="report", role=Role.VIEWER, by=ann)
    assert as_ada.get(page).status_code == 200
    assert as_ada.get(address_of(ann)).status_code == 200


def test_page_of_a_person_shows_no_password_hash(as_ada, ann):
    text = as_ada.get(address_of(ann)).content.decode()
    assert ann.password not in text
    for field in ("is_superuser", "is_staff", "groups", "user_permissions"):
        assert f'name="{field}"' not in text


def test_admin_makes_a_person(as_ada):
    data = {
        "username": "eve",
        "role": "analyst",
        "password1": "blue-garden-42",
        "password2": "blue-garden-42",
    }
    assert as_ada.post(reverse("admin:accounts_user_add"), data).status_code == 302
    eve = User.objects.get(username="eve")
    assert (eve.role, eve.is_staff, eve.is_superuser) == (Role.ANALYST, False, False)
    assert eve.check_password("blue-garden-42")
    assert events() == [("account.made", "ada", "user eve")]


def test_admin_changes_a_role_through_the_service(as_ada, ann):
    assert as_ada.post(address_of(ann), data_of(ann, role="admin")).status_code == 302
    kept = User.objects.get(pk=ann.pk)
    assert (kept.role, kept.is_staff, kept.epoch) == (Role.ADMIN, True, 1)
    assert events() == [("account.role_changed", "ada", "user ann")]


def test_admin_deactivates_and_activates(as_ada, ann):
    as_ada.post(address_of(ann), data_of(ann, is_active=None))
    ann.refresh_from_db()
    assert (ann.is_active, ann.epoch) == (False, 1)
    as_ada.post(address_of(ann), data_of(ann, is_active="on"))
    ann.refresh_from_db()
    assert (ann.is_active, ann.epoch) == (True, 2)
    assert [event for event, _actor, _subject in events()] == [
        "account.deactivated",
        "account.activated",
    ]


def test_admin_changes_a_name_without_touching_rights(as_ada, ann):
    as_ada.post(address_of(ann), data_of(ann, first_name="Ann", email="a@example.org"))
    ann.refresh_from_db()
    assert (ann.first_name, ann.email, ann.epoch) == ("Ann", "a@example.org", 0)
    assert events() == [("account.changed", "ada", "user ann")]


@pytest.mark.parametrize("changes", [{"claims": '{"tenant": "acme"}'}, {"username": "anna"}])
def test_what_row_policies_and_groups_go_by_is_felt_by_open_sockets(as_ada, ann, changes):
    assert as_ada.post(address_of(ann), data_of(ann, **changes)).status_code == 302
    ann.refresh_from_db()
    assert ann.epoch == 1


@pytest.mark.parametrize("changes", [{"role": "viewer"}, {"is_active": None}])
def test_admin_keeps_the_last_admin(as_ada, ada, changes):
    answer = as_ada.post(address_of(ada), data_of(ada, **changes))
    assert answer.status_code == 200
    assert "This is the last admin." in answer.content.decode()
    ada.refresh_from_db()
    assert ada.is_atlas_admin


def test_admin_deletes_nobody(as_ada, ann):
    address = reverse("admin:accounts_user_delete", args=[ann.pk])
    assert as_ada.post(address, {"post": "yes"}).status_code == 403
    as_ada.post(PEOPLE, {"action": "delete_selected", "_selected_action": [ann.pk], "post": "yes"})
    assert User.objects.filter(pk=ann.pk).exists()


def test_admin_sets_a_password_and_it_is_recorded(as_ada, ann):
    address = reverse("admin:auth_user_password_change", args=[ann.pk])
    chosen = {"password1": "blue-garden-42", "password2": "blue-garden-42"}
    assert as_ada.post(address, {**chosen, "usable_password": "true"}).status_code == 302
    ann.refresh_from_db()
    assert ann.check_password("blue-garden-42")
    assert ann.epoch == 1
    assert events() == [("account.password_changed", "ada", "user ann")]


def test_admin_signs_people_out_everywhere(as_ada, ann, bob):
    data = {"action": "sign_out_everywhere", "_selected_action": [ann.pk, bob.pk]}
    as_ada.post(PEOPLE, data)
    assert set(User.objects.exclude(role=Role.ADMIN).values_list("session_epoch", flat=True)) == {1}


def test_admin_revokes_keys_and_makes_none(as_ada, ann):
    key = create_key(ann, name="report", role=Role.VIEWER, by=ann)[0]
    as_ada.post(KEYS, {"action": "revoke", "_selected_action": [key.pk]})
    assert ApiKey.objects.get(pk=key.pk).revoked_at is not None
    assert as_ada.get(reverse("admin:accounts_apikey_add")).status_code == 403
    assert as_ada.post(reverse("admin:accounts_apikey_delete", args=[key.pk])).status_code == 403


def test_audit_log_can_be_read_and_not_changed(as_ada, ann, ada):
    entry = AuditEntry.objects.latest("id")
    listing = reverse("admin:audit_auditentry_changelist")
    assert as_ada.get(listing, {"event": "account.signed_in"}).status_code == 200
    assert as_ada.get(listing, {"q": "ada"}).status_code == 200
    address = reverse("admin:audit_auditentry_change", args=[entry.pk])
    assert as_ada.get(address).status_code == 200
    assert as_ada.post(address, {"event": "x"}).status_code == 403
    assert as_ada.get(reverse("admin:audit_auditentry_add")).status_code == 403
    address = reverse("admin:audit_auditentry_delete", args=[entry.pk])
    assert as_ada.post(address, {"post": "yes"}).status_code == 403


def test_an_own_password_is_changed_only_on_the_page_of_the_profile(as_ada, ada):
    chosen = {"new_password1": "blue-garden-42", "new_password2": "blue-garden-42"}
    data = {"old_password": "ada-secret", "usable_password": "true", **chosen}

    for answer in (as_ada.get(OWN_PASSWORD), as_ada.post(OWN_PASSWORD, data)):
        assert answer["Location"] == reverse("accounts:password")
    ada.refresh_from_db()
    assert ada.check_password("ada-secret")


def test_signing_out_of_the_administration_is_recorded_and_felt_by_open_sockets(as_ada, ada):
    assert as_ada.get(reverse("admin:logout")).status_code == 405
    assert User.objects.get(pk=ada.pk).epoch == 0
    as_ada.post(reverse("admin:logout"))
    assert User.objects.get(pk=ada.pk).epoch == 1
    assert events() == [("account.signed_out", "ada", "user ada")]
    assert as_ada.get(PEOPLE).status_code == 302
