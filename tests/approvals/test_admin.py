"""Requests in admin: read by admins, changed by nobody."""

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import Client, RequestFactory

from approvals.admin import ActionRequestAdmin, VoteInline
from approvals.models import ActionRequest
from tests.approvals.desk import WHY, propose

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["ada", "ann", "vic"])
def test_history_is_only_read(request, name):
    http = RequestFactory().get("/")
    http.user = request.getfixturevalue(name)

    for made in (ActionRequestAdmin(ActionRequest, site), VoteInline(ActionRequest, site)):
        assert made.has_view_permission(http) is (name == "ada")
        assert not made.has_add_permission(http)
        assert not made.has_change_permission(http)
        assert not made.has_delete_permission(http)


ADDRESS = "/admin/approvals/actionrequest/"


@pytest.fixture
def reading(ada):
    """The browser of an admin who takes part in no conversation."""
    client = Client()
    client.force_login(ada)
    return client


def test_a_request_shows_neither_question_nor_title_of_its_conversation(reading, run_of_ann):
    request = propose(run_of_ann)

    page = reading.get(f"{ADDRESS}{request.pk}/change/").content.decode()

    assert str(request.conversation_id) in page
    assert WHY.question[:20] not in page
    assert f">{run_of_ann.conversation.title}<" not in page


@pytest.mark.parametrize(
    "guess",
    ["payload__contains=Chai", "summary__contains=Chai", "why__question__startswith=C", "log=x"],
)
def test_what_is_not_shown_cannot_be_guessed_by_narrowing_the_list(reading, run_of_ann, guess):
    propose(run_of_ann)

    assert reading.get(f"{ADDRESS}?{guess}").status_code == 400


@pytest.mark.parametrize(
    "filtered", ["status__exact=pending", "action=note", "created_at__isnull=False", "q=ticket"]
)
def test_the_list_is_narrowed_by_its_own_filters(reading, run_of_ann, filtered):
    propose(run_of_ann)

    assert "1 action request" in reading.get(f"{ADDRESS}?{filtered}").content.decode()


def test_the_days_on_top_of_the_list_have_their_index(run_of_ann):
    month = {"created_at__year": 2026, "created_at__month": 5}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert ActionRequestAdmin.date_hierarchy == "created_at"
    assert "request_asked" in ActionRequest.objects.order_by().filter(**month).explain()
    assert "request_asked" in ActionRequest.objects.order_by("created_at")[:1].explain()
