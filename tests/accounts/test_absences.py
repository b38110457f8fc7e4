"""Who may be named to decide for somebody, for how long, and what is recorded of it."""

import datetime as dt

import pytest
from django.utils import timezone

from atlas.accounts.absences import covered_by, end_absence, name_delegate, running
from atlas.accounts.models import Absence
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.common.errors import BadInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def away(person, name, *, start=-DAY, end=DAY):
    now = timezone.now()
    return name_delegate(person, username=name, starts_at=now + start, ends_at=now + end)


def test_a_colleague_stands_in_only_while_the_absence_runs(ann, bob, ada):
    away(ann, "bob")
    away(bob, "ada", start=DAY, end=2 * DAY)

    assert covered_by(bob) == [ann]
    assert covered_by(ada) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bob", "role of bob is lower"),
        ("ada", "somebody else than yourself"),
        ("nobody", "no active person"),
        ("vic", "lower"),
    ],
)
def test_nobody_without_the_role_can_be_named(ada, bob, vic, name, sentence):
    with pytest.raises(BadInput, match=sentence):
        away(ada, name)
    assert not Absence.objects.exists()


def test_a_viewer_names_nobody(vic, ann):
    with pytest.raises(NotAllowed):
        away(vic, "ann")


@pytest.mark.parametrize(("start", "end"), [(DAY, DAY), (DAY, -DAY), (DAY, 100 * DAY)])
def test_the_time_is_a_sensible_one(ann, bob, start, end):
    with pytest.raises(BadInput):
        away(ann, "bob", start=start, end=end)


def test_one_colleague_at_a_time(ann, bob, ada):
    away(ann, "bob")
    with pytest.raises(BadInput, match="stands in for you at that time"):
        away(ann, "ada")
    assert away(ann, "ada", start=2 * DAY, end=3 * DAY).delegate == ada


def test_only_the_person_ends_it_and_it_counts_at_once(ann, bob, ada):
    absence = away(ann, "bob")

    with pytest.raises(NotFound):
        end_absence(absence.pk, by=ada)
    end_absence(absence.pk, by=ann)
    end_absence(absence.pk, by=ann)

    assert covered_by(bob) == []
    events = AuditEntry.objects.values_list("event", "actor_name").order_by("id")
    assert list(events) == [
        (AuditEvent.ABSENCE_MADE, "ann"),
        (AuditEvent.ABSENCE_ENDED, "ann"),
    ]


@pytest.mark.parametrize("who", ["ann", "bob"])
def test_it_is_over_with_the_access_of_either(ann, bob, who):
    away(ann, "bob")
    person = {"ann": ann, "bob": bob}[who]
    person.is_active = False
    person.save()

    assert not running().exists()


def test_the_page_names_and_ends(client, ann, bob):
    client.force_login(ann)
    today = timezone.localdate().isoformat()
    form = {"username": "bob", "first_day": today, "last_day": today}

    assert client.post("/accounts/away/", form).status_code == 302
    assert "bob" in client.get("/accounts/away/").content.decode()
    refused = client.post("/accounts/away/", form)
    assert (refused.status_code, "End that first" in refused.content.decode()) == (422, True)

    absence = Absence.objects.get()
    assert client.post(f"/accounts/away/{absence.pk}/end/").status_code == 302
    assert not running().exists()


def test_a_role_given_later_is_looked_at_when_deciding_not_here(ann, bob):
    away(ann, "bob")
    bob.role = Role.VIEWER
    bob.save()

    assert covered_by(bob) == [ann]
    assert not bob.may_decide


def test_the_switch_for_email_is_on_the_profile(client, ann):
    client.force_login(ann)
    assert 'name="email_notices"' in client.get("/accounts/profile/").content.decode()

    client.post("/accounts/profile/", {"email": ann.email})

    ann.refresh_from_db()
    assert not ann.email_notices
