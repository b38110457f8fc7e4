"""Keys: shown once, hashed, never above their owner, and gone when revoked."""

import datetime
import time

import pytest
from django.utils import timezone

from atlas.accounts import services
from atlas.accounts.api_keys import MOST_KEYS, authenticate_bearer, create_key, keys_of, revoke_key
from atlas.accounts.models import ApiKey, User
from atlas.accounts.roles import Role, Scope
from atlas.audit.models import AuditEntry
from atlas.common.clock import database_now
from atlas.common.errors import BadInput, NotAllowed
from atlas.common.redaction import redact

pytestmark = pytest.mark.django_db


@pytest.fixture
def key_of_ann(ann):
    return create_key(ann, name="report", role=Role.ANALYST, scopes=[Scope.ASK], by=ann)


def test_key_stands_for_its_owner(ann, key_of_ann):
    _key, text = key_of_ann
    bearer = authenticate_bearer(f"Bearer {text}")
    assert (bearer.user, bearer.role) == (ann, Role.ANALYST)
    assert (bearer.user.may_ask, bearer.user.may_decide) == (True, False)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scopes", [(), (Scope.ASK,), (Scope.DECIDE,), tuple(Scope)])
def test_a_key_does_only_what_it_was_made_for(ada, role, scopes):
    text = create_key(ada, name="k", role=role, scopes=scopes, by=ada)[1]
    user = authenticate_bearer(f"Bearer {text}").user
    assert user.may_ask is (role.may_ask and Scope.ASK in scopes)
    assert user.may_decide is (role.may_ask and Scope.DECIDE in scopes)


def test_key_is_kept_as_a_hash_only(key_of_ann):
    key, text = key_of_ann
    assert text.startswith(f"{key.prefix}_")
    assert len(text) > 50
    kept = ApiKey.objects.values().get(pk=key.pk)
    assert text not in map(str, kept.values())
    assert text.removeprefix(key.prefix) not in str(kept)
    assert text not in str(AuditEntry.objects.values_list("body", flat=True))
    assert redact(f"the key {text} leaked") == "the key [hidden] leaked"


@pytest.mark.parametrize("owner", Role)
@pytest.mark.parametrize("wanted", Role)
def test_key_has_at_most_the_role_of_its_owner(owner, wanted):
    user = User.objects.create_user("eve", role=owner)
    if not owner.reaches(wanted):
        with pytest.raises(BadInput, match="higher role"):
            create_key(user, name="k", role=wanted, by=user)
        return
    text = create_key(user, name="k", role=wanted, by=user)[1]
    assert authenticate_bearer(f"Bearer {text}").role is wanted


def test_key_loses_what_its_owner_loses(ada, abe):
    text = create_key(ada, name="k", role=Role.ADMIN, by=ada)[1]
    services.set_role(ada, Role.VIEWER, by=abe)
    bearer = authenticate_bearer(f"Bearer {text}")
    assert (bearer.role, bearer.user.as_role) == (Role.VIEWER, Role.VIEWER)
    assert not bearer.user.may_ask


def test_key_below_its_owner_lowers_the_user_who_cannot_be_saved(ada):
    text = create_key(ada, name="k", role=Role.VIEWER, by=ada)[1]
    user = authenticate_bearer(f"Bearer {text}").user
    assert (user.as_role, user.is_staff, user.is_atlas_admin) == (Role.VIEWER, False, False)
    with pytest.raises(RuntimeError, match="not saved"):
        user.save()
    assert User.objects.get(pk=ada.pk).as_role is Role.ADMIN


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "{text}",
        "Basic {text}",
        "Token {text}",
        "Bearer {text}x",
        "Bearer x{text}",
        "Bearer {prefix}",
        "Bearer {prefix}_",
        "Bearer {text} {text}",
        "Bearer é",
        "Bearer {text}\x00",
    ],
)
def test_other_headers_stand_for_nobody(key_of_ann, header):
    key, text = key_of_ann
    assert authenticate_bearer(header.format(text=text, prefix=key.prefix)) is None


@pytest.mark.parametrize("header", ["Bearer {text}", "bearer {text}", "BEARER  {text} "])
def test_scheme_is_read_as_http_reads_it(key_of_ann, header):
    assert authenticate_bearer(header.format(text=key_of_ann[1])) is not None


@pytest.mark.parametrize("end", ["revoked", "expired", "owner deactivated", "owner gone"])
def test_key_ends(ann, ada, key_of_ann, end):
    key, text = key_of_ann
    if end == "revoked":
        revoke_key(key, by=ann)
    elif end == "expired":
        past = timezone.now() - datetime.timedelta(seconds=1)
        ApiKey.objects.filter(pk=key.pk).update(expires_at=past)
    elif end == "owner deactivated":
        services.deactivate(ann, by=ada)
    else:
        ann.delete()
    assert authenticate_bearer(f"Bearer {text}") is None


def test_key_works_until_its_day(ann):
    day = datetime.timedelta(days=1)
    text = create_key(ann, name="k", role=Role.VIEWER, lasting=day, by=ann)[1]
    assert authenticate_bearer(f"Bearer {text}") is not None


@pytest.mark.parametrize("years", [-1, 1])
def test_a_wrong_clock_of_the_host_neither_ends_nor_prolongs_a_key(ann, monkeypatch, years):
    off = timezone.now() + datetime.timedelta(days=365 * years)
    monkeypatch.setattr(timezone, "now", lambda: off)
    monkeypatch.setattr(time, "time", off.timestamp)
    day = datetime.timedelta(days=1)

    key, text = create_key(ann, name="k", role=Role.VIEWER, lasting=day, by=ann)

    assert authenticate_bearer(f"Bearer {text}") is not None
    assert [found.is_expired for found in keys_of(ann)] == [False]
    assert abs(key.expires_at - key.created_at - day) < datetime.timedelta(minutes=1)
    assert abs(key.created_at - database_now()) < datetime.timedelta(minutes=1)


def test_use_is_noted_at_most_once_a_minute(key_of_ann):
    key, text = key_of_ann
    authenticate_bearer(f"Bearer {text}")
    first = ApiKey.objects.get(pk=key.pk).last_used_at
    authenticate_bearer(f"Bearer {text}")
    assert ApiKey.objects.get(pk=key.pk).last_used_at == first
    earlier = first - datetime.timedelta(minutes=2)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=earlier)
    authenticate_bearer(f"Bearer {text}")
    assert ApiKey.objects.get(pk=key.pk).last_used_at > earlier


@pytest.mark.parametrize("who", ["ann", "ada"])
def test_owner_and_admins_revoke(key_of_ann, who, request):
    by = request.getfixturevalue(who)
    key = revoke_key(key_of_ann[0], by=by)
    assert key.revoked_at is not None
    assert User.objects.get(username="ann").epoch == 1
    entry = AuditEntry.objects.latest("id")
    assert (entry.event, entry.actor_name, entry.body["prefix"]) == (
        "api_key.revoked",
        who,
        key.prefix,
    )


def test_revoking_twice_is_revoking_once(ann, key_of_ann):
    first = revoke_key(key_of_ann[0], by=ann).revoked_at
    assert revoke_key(key_of_ann[0], by=ann).revoked_at == first
    assert AuditEntry.objects.filter(event="api_key.revoked").count() == 1


def test_others_neither_make_nor_revoke(ann, bob, ada, key_of_ann):
    with pytest.raises(NotAllowed):
        revoke_key(key_of_ann[0], by=bob)
    for by in (bob, ada):
        with pytest.raises(NotAllowed):
            create_key(ann, name="k", role=Role.VIEWER, by=by)


def test_person_has_at_most_twenty_keys(ann):
    for at in range(MOST_KEYS):
        last = create_key(ann, name=f"k{at}", role=Role.VIEWER, by=ann)[0]
    with pytest.raises(BadInput, match="Revoke one first"):
        create_key(ann, name="more", role=Role.VIEWER, by=ann)
    revoke_key(last, by=ann)
    assert create_key(ann, name="more", role=Role.VIEWER, by=ann)[0].name == "more"


def test_key_needs_a_name(ann):
    with pytest.raises(BadInput, match="name"):
        create_key(ann, name="  ", role=Role.VIEWER, by=ann)
