"""Stored results: who sees them, what is known of their columns, when they go."""

import datetime
import decimal
import uuid

import pytest
from django.utils import timezone

from atlas.conversations.models import Conversation, Participant
from atlas.datasources.columns import as_lists, described, label
from atlas.datasources.models import StoredResult
from atlas.datasources.results import describe_columns
from atlas.datasources.tasks import delete_expired_results


def keep(conversation_id=None, *, days=7):
    return StoredResult.objects.create(
        conversation_id=conversation_id,
        datasource="shop",
        sql="SELECT 1",
        columns=[],
        rows=[[1]],
        row_count=1,
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], []),
        ([(1, 2)], [[1, 2]]),
        ([{"b": 2, "a": 1}, {"a": 3}], [[1, 2], [3, None]]),
    ],
)
def test_rows_become_lists_in_the_order_of_the_columns(rows, expected):
    assert as_lists(["a", "b"], rows) == expected


@pytest.mark.parametrize(
    ("value", "format_", "role"),
    [
        (7, "integer", "measure"),
        (2.5, "number", "measure"),
        (decimal.Decimal("1"), "number", "measure"),
        (True, None, "dimension"),
        ("Ana", None, "dimension"),
        (datetime.date(2026, 1, 1), None, "dimension"),
        (None, None, "dimension"),
    ],
)
def test_columns_are_described_by_their_first_value(value, format_, role):
    assert described(["total_revenue"], [[None], [value]]) == [
        {"name": "total_revenue", "label": "Total revenue", "format": format_, "role": role}
    ]


@pytest.mark.parametrize(("name", "text"), [("a_b", "A b"), ("", ""), ("X", "X"), ("?", "?")])
def test_label_is_the_name_as_people_read_it(name, text):
    assert label(name) == text


@pytest.mark.django_db
def test_columns_take_what_a_compiled_query_knows():
    result = keep()
    describe_columns(
        result.pk, [{"name": "revenue", "label": "Revenue", "format": "money"}, {"name": "by_day"}]
    )
    assert StoredResult.objects.get(pk=result.pk).columns == [
        {"name": "revenue", "label": "Revenue", "format": "money", "role": None},
        {"name": "by_day", "label": "By day", "format": None, "role": None},
    ]


@pytest.mark.django_db
def test_results_are_seen_by_those_who_take_part(ann, bob, ada):
    conversation = Conversation.objects.create(title="x")
    Participant.objects.create(conversation=conversation, user=ann, is_owner=True)
    seen, _old = keep(conversation.pk), keep(conversation.pk, days=-1)
    keep(uuid.uuid4())
    keep()
    assert list(StoredResult.objects.visible_to(ann)) == [seen]
    for other in (bob, ada):
        assert list(StoredResult.objects.visible_to(other)) == []


@pytest.mark.django_db
def test_expired_results_are_deleted():
    keep(days=-1)
    kept = keep()
    assert delete_expired_results() == 1
    assert list(StoredResult.objects.all()) == [kept]
