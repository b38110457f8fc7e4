"""The account pages: what they do, and what they refuse."""

import datetime

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from atlas.accounts import first_admin, services
from atlas.accounts.api_keys import authenticate_bearer, create_key
from atlas.accounts.models import ApiKey, User
from atlas.accounts.roles import Role
from atlas.audit.models import AuditEntry
from atlas.audit.reading import shown_body
from atlas.env import Environment

pytestmark = pytest.mark.django_db

LOGIN = reverse("accounts:login")
PROFILE = reverse("accounts:profile")
PASSWORD = reverse("accounts:password")
KEYS = reverse("accounts:api-keys")
SETUP = reverse("accounts:setup")
EVERYWHERE = reverse("accounts:logout-everywhere")


def sign_in(client, name="ann", password=None, **extra):
    data = {"username": name, "password": password or "ann-secret"}
    return client.post(LOGIN, data, **extra)


def events():
    return list(AuditEntry.objects.order_by("id").values_list("event", "actor_name"))


@pytest.fixture
def as_ann(client, ann):
    client.force_login(ann)
    return client


def test_login_lets_in_and_is_recorded(client, ann):
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, reverse("chat:home"))
    assert client.get(PROFILE).status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.actor_name) == ("account.signed_in", "ann")
    assert shown_body(entry) == {"address": "127.0.0.1"}


def test_login_goes_on_to_where_one_wanted_and_nowhere_outside(client, ann):
    data = {"username": "ann", "password": "ann-secret"}
    assert client.post(LOGIN, {**data, "next": PROFILE})["Location"] == PROFILE
    client.logout()
    outside = client.post(LOGIN, {**data, "next": "https://evil.example/"})
    assert outside["Location"] == reverse("chat:home")


@pytest.mark.parametrize(
    ("name", "password", "kept"),
    [("ann", "wrong", "ann"), ("nobody", "ann-secret", ""), ("ann-secret", "ann", "")],
)
def test_login_refuses_with_one_sentence_and_keeps_no_stray_password(
    client, ann, name, password, kept
):
    answer = sign_in(client, name, password)
    assert "Please enter a correct username and password" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert events() == [("account.sign_in_failed", kept)]


def test_login_refuses_a_deactivated_person(client, ann):
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert sign_in(client).status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("still_clock")
def test_login_makes_guessers_wait_and_says_how_long(client, ann):
    for _ in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert "Too many tries. Wait 5 seconds, then try again." in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert events()[-1] == ("account.sign_in_throttled", "")
    assert sign_in(client, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_login_counts_anew_after_the_right_password(client, ann):
    for _ in range(3):
        for _ in range(4):
            sign_in(client, password="wrong")
        assert sign_in(client).status_code == 302
        client.logout()


def test_login_needs_the_csrf_token(ann):
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_logout_ends_the_session_and_bumps_the_epoch(as_ann, ann):
    answer = as_ann.post(reverse("accounts:logout"))
    assert answer["Location"] == LOGIN
    assert as_ann.get(PROFILE).status_code == 302
    assert User.objects.get(pk=ann.pk).epoch == 1
    assert events()[-1] == ("account.signed_out", "ann")


@pytest.mark.parametrize("name", ["logout", "logout-everywhere"])
def test_signing_out_is_no_get(as_ann, name):
    assert as_ann.get(reverse(f"accounts:{name}")).status_code == 405
    assert as_ann.get(PROFILE).status_code == 200


def test_sign_out_everywhere_ends_the_other_session(as_ann, ann):
    other = Client()
    other.force_login(ann)
    assert other.get(PROFILE).status_code == 200
    as_ann.post(EVERYWHERE)
    for client in (as_ann, other):
        assert client.get(PROFILE).status_code == 302


@pytest.mark.parametrize("page", [PROFILE, PASSWORD, KEYS])
def test_pages_send_strangers_to_the_sign_in(client, page):
    answer = client.get(page)
    assert (answer.status_code, answer["Location"]) == (302, f"{LOGIN}?next={page}")


@pytest.mark.parametrize("page", [PROFILE, PASSWORD, KEYS])
@pytest.mark.parametrize("who", ["ann", "vic", "ada"])
def test_pages_work_for_every_role_and_are_not_cached(client, page, who, request):
    client.force_login(request.getfixturevalue(who))
    answer = client.get(page)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert "<script>" not in text
    assert " style=" not in text


def test_profile_saves_name_and_address_and_nothing_else(as_ann, ann):
    data = {
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann@example.org",
        "email_notices": "on",
        "role": "admin",
        "is_superuser": "on",
        "username": "root",
    }
    assert as_ann.post(PROFILE, data)["Location"] == PROFILE
    kept = User.objects.get(pk=ann.pk)
    assert (kept.first_name, kept.last_name, kept.email) == ("Ann", "Lee", "ann@example.org")
    assert (kept.role, kept.is_superuser, kept.username) == (Role.ANALYST, False, "ann")
    assert AuditEntry.objects.latest("id").body == {"fields": ["first_name", "last_name", "email"]}


def test_profile_shows_an_error_at_its_field(as_ann):
    answer = as_ann.post(PROFILE, {"email": "no address"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'id="id_email_error"' in text
    assert 'aria-invalid="true"' in text


def test_password_changes_and_ends_other_sessions(as_ann, ann):
    other = Client()
    other.force_login(ann)
    chosen = {"new_password1": "blue-garden-42", "new_password2": "blue-garden-42"}
    answer = as_ann.post(PASSWORD, {"old_password": "ann-secret", **chosen})
    assert answer["Location"] == PROFILE
    assert as_ann.get(PROFILE).status_code == 200
    assert other.get(PROFILE).status_code == 302
    assert User.objects.get(pk=ann.pk).check_password("blue-garden-42")
    assert ("account.password_changed", "ann") in events()


@pytest.mark.parametrize(
    ("old", "new", "again", "complaint"),
    [
        ("wrong", "blue-garden-42", "blue-garden-42", "was entered incorrectly"),
        ("ann-secret", "blue-garden-42", "green", "match"),
        ("ann-secret", "12345678", "12345678", "too common"),
        ("ann-secret", "short", "short", "too short"),
    ],
)
def test_password_refuses(as_ann, ann, old, new, again, complaint):
    data = {"old_password": old, "new_password1": new, "new_password2": again}
    answer = as_ann.post(PASSWORD, data)
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert User.objects.get(pk=ann.pk).check_password("ann-secret")


@pytest.mark.usefixtures("still_clock")
def test_password_page_is_no_way_around_the_throttle(as_ann):
    wrong = {"old_password": "x", "new_password1": "blue-garden-42"}
    for _ in range(5):
        as_ann.post(PASSWORD, wrong)
    assert "Wait 5 seconds" in as_ann.post(PASSWORD, wrong).content.decode()


def test_key_is_shown_once(as_ann):
    data = {"name": "report", "role": "viewer", "scopes": ["decide"], "expires": "30"}
    answer = as_ann.post(KEYS, data)
    text = answer.context["text"]
    assert text in answer.content.decode()
    assert ApiKey.objects.get().scopes == ["decide"]
    assert authenticate_bearer(f"Bearer {text}").role is Role.VIEWER
    key = ApiKey.objects.get()
    assert (key.expires_at - key.created_at).days in {29, 30}
    assert text not in as_ann.get(KEYS).content.decode()


def test_a_key_past_its_day_has_no_button(as_ann, ann):
    for name in ("over", "lasts", "for ever"):
        create_key(ann, name=name, role=Role.VIEWER, by=ann)
    ApiKey.objects.filter(name="over").update(expires_at=Now() - datetime.timedelta(seconds=1))
    ApiKey.objects.filter(name="lasts").update(expires_at=Now() + datetime.timedelta(hours=1))

    page = as_ann.get(KEYS).content.decode()

    assert page.count(">expired</span>") == 1
    assert [f"Revoke {name}" in page for name in ("over", "lasts", "for ever")] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"name": "x", "role": "admin", "expires": "30"},
        {"name": "", "role": "viewer", "expires": "30"},
        {"name": "x", "role": "viewer", "expires": "9999"},
    ],
)
def test_key_form_refuses(as_ann, data):
    assert as_ann.post(KEYS, data).status_code == 422
    assert ApiKey.objects.count() == 0


def test_people_revoke_their_own_keys_only(as_ann, ann, bob):
    own = create_key(ann, name="a", role=Role.VIEWER, by=ann)[0]
    others = create_key(bob, name="b", role=Role.VIEWER, by=bob)[0]
    address = "accounts:revoke-api-key"
    assert as_ann.get(reverse(address, args=[own.pk])).status_code == 405
    assert as_ann.post(reverse(address, args=[own.pk]))["Location"] == KEYS
    assert as_ann.post(reverse(address, args=[others.pk])).status_code == 404
    assert list(ApiKey.objects.filter(revoked_at=None)) == [others]


class TestSetup:
    @pytest.fixture
    def secret(self, tmp_path, monkeypatch):
        environment = Environment(data_dir=tmp_path)
        monkeypatch.setattr("atlas.accounts.views.environment", lambda: environment)
        return first_admin.setup_secret(tmp_path)

    def data(self, secret):
        return {
            "secret": secret,
            "username": "root",
            "password1": "blue-garden-42",
            "password2": "blue-garden-42",
        }

    def test_login_page_points_to_it_only_while_there_is_no_admin(self, client, request):
        assert SETUP in client.get(LOGIN).content.decode()
        request.getfixturevalue("ada")
        assert SETUP not in client.get(LOGIN).content.decode()

    def test_setup_makes_the_admin_and_signs_in(self, client, secret):
        assert client.get(SETUP).status_code == 200
        assert client.post(SETUP, self.data(secret))["Location"] == reverse("chat:home")
        user = User.objects.get()
        assert (user.username, user.role) == ("root", Role.ADMIN)
        assert client.get(PROFILE).status_code == 200

    def test_setup_refuses_a_wrong_secret_at_its_field(self, client, secret):
        answer = client.post(SETUP, self.data("guess"))
        assert answer.status_code == 422
        assert 'id="id_secret_error"' in answer.content.decode()
        assert User.objects.count() == 0

    @pytest.mark.usefixtures("still_clock")
    def test_setup_makes_guessers_wait(self, client, secret):
        for _ in range(5):
            client.post(SETUP, self.data("guess"))
        assert "Wait 5 seconds" in client.post(SETUP, self.data(secret)).content.decode()

    def test_setup_refuses_a_weak_password(self, client, secret):
        data = {**self.data(secret), "password1": "12345678", "password2": "12345678"}
        assert client.post(SETUP, data).status_code == 422
        assert User.objects.count() == 0

    def test_setup_is_closed_when_there_is_an_admin(self, client, secret, ada):
        for answer in (client.get(SETUP), client.post(SETUP, self.data(secret))):
            assert answer["Location"] == LOGIN
        assert User.objects.count() == 1


def test_a_session_of_before_a_deactivation_stays_over(as_ann, ann, ada):
    assert as_ann.get(PROFILE).status_code == 200
    services.deactivate(ann, by=ada)
    services.activate(ann, by=ada)
    assert as_ann.get(PROFILE).status_code == 302


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("", "", "ann"),
        ("Ann", "", "Ann"),
        ("Abe", "", "Abe (ann)"),
        ("Ann", "Lee", "Ann Lee (ann)"),
    ],
)
def test_a_chosen_name_does_not_hide_who_it_is(as_ann, ann, first, last, shown):
    as_ann.post(PROFILE, {"first_name": first, "last_name": last, "email": ""})
    assert str(User.objects.get(pk=ann.pk)) == shown


@pytest.mark.parametrize("name", ["Abe\r\nAda", "Abe\u202e", "Abe\x07"])
def test_a_name_is_one_line_of_visible_characters(as_ann, ann, name):
    answer = as_ann.post(PROFILE, {"first_name": name, "last_name": "", "email": ""})
    assert answer.status_code == 422
    assert User.objects.get(pk=ann.pk).first_name == ""


def test_an_address_holds_no_control_characters(as_ann, ann):
    before = User.objects.get(pk=ann.pk).email
    answer = as_ann.post(PROFILE, {"email": '"a\x0bnn"@example.com'})
    assert answer.status_code == 422
    assert "without control characters" in answer.content.decode()
    assert User.objects.get(pk=ann.pk).email == before


def test_no_profile_or_password_changes_without_its_record(client, ann, ada, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr("atlas.accounts.views.record", broken)
    monkeypatch.setattr("atlas.accounts.services.record", broken)
    client.raise_request_exception = False
    before = (ann.password, ann.first_name)
    client.force_login(ada)
    chosen = {"password1": "a new long pass phrase", "password2": "a new long pass phrase"}
    # Who saves on a page of the admin's own; one transaction holds both.
    page = client.post(f"/admin/accounts/user/{ann.pk}/password/", chosen)
    with monkeypatch.context() as signing_in:
        signing_in.setattr("atlas.accounts.receivers.record", lambda *_args, **_options: None)
        client.force_login(ann)
    profile = client.post("/accounts/profile/", {"first_name": "Eve", "email": ""})

    ann.refresh_from_db()
    assert (page.status_code, profile.status_code) == (500, 500)
    assert (ann.password, ann.first_name) == before
