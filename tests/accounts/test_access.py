"""Keys over HTTP."""

import pytest
from django.test import Client
from django.urls import reverse

from atlas.accounts.api_keys import create_key, revoke_key
from atlas.accounts.roles import Role, Scope

pytestmark = pytest.mark.django_db

PROFILE = reverse("accounts:profile")
API = reverse("approvals-api:list")


@pytest.fixture
def key_of_ann(ann):
    return create_key(ann, name="report", role=Role.ANALYST, by=ann)


def test_bearer_makes_a_request_its_owners(client, key_of_ann):
    answer = client.get(API, headers={"Authorization": f"Bearer {key_of_ann[1]}"})
    assert answer.status_code == 200
    assert answer.wsgi_request.user.username == "ann"


def test_bearer_needs_no_csrf_token_since_no_browser_sends_it(ann, key_of_ann):
    client = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {key_of_ann[1]}"}
    bulk = reverse("approvals-api:bulk")
    assert client.post(bulk, "{}", "application/json", headers=headers).status_code == 400
    client.force_login(ann)
    assert client.post(bulk, "{}", "application/json").status_code == 401


@pytest.mark.parametrize("page", [PROFILE, "/", "/admin/", "/accounts/api-keys/", "/approvals/"])
def test_a_key_opens_no_page(client, ada, page):
    text = create_key(ada, name="ops", role=Role.ADMIN, scopes=list(Scope), by=ada)[1]
    answer = client.get(page, headers={"Authorization": f"Bearer {text}"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_broken_key_is_401_and_never_the_session(client, ann, key_of_ann):
    client.force_login(ann)
    revoke_key(key_of_ann[0], by=ann)
    answer = client.get(API, headers={"Authorization": f"Bearer {key_of_ann[1]}"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "unauthorized"


@pytest.mark.parametrize("place", ["X-API-Key", "X-Authorization", "Cookie", "query"])
def test_key_elsewhere_is_nobodys(client, key_of_ann, place):
    text = key_of_ann[1]
    if place == "query":
        answer = client.get(PROFILE, {"api_key": text, "access_token": text})
    else:
        answer = client.get(PROFILE, headers={place: text})
    assert answer.status_code == 302


def test_other_schemes_are_left_to_whoever_uses_them(client, ann):
    client.force_login(ann)
    answer = client.get(PROFILE, headers={"Authorization": "Basic YW5uOmFubg=="})
    assert answer.status_code == 200
