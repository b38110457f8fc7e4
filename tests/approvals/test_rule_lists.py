"""The list of rules counts what passed by each, and reads nothing else for that."""

import pytest
from django.db import connection

from approvals.allow_rules.lists import passed_by
from approvals.models import ActionRequest
from tests.approvals.desk import propose

pytestmark = pytest.mark.django_db


def passed(request, rule, **changes):
    """The same request once more, let pass by a rule."""
    copy = ActionRequest.objects.get(pk=request.pk)
    named = {"id": rule, "name": "Restock", "by": "ada"}
    copy.pk, copy.policy = None, {**copy.policy, "allow_rule": named}
    copy.idempotency_key = f"00000000-0000-0000-0000-{rule:012}"
    copy.tool_call_id = f"call of {rule}"
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.save(force_insert=True)
    return copy


def test_only_what_these_rules_let_pass_is_found(run_of_ann):
    request = propose(run_of_ann, "ping")
    first, second, _other = (passed(request, number) for number in (1, 2, 3))
    passed(propose(run_of_ann), 4, status="pending")

    found = set(passed_by([1, 2, 4]).values_list("pk", flat=True))

    assert found == {first.pk, second.pk}


def test_it_is_found_by_its_index(run_of_ann):
    """A wrong expression would leave the index unused, however large the table grows."""
    passed(propose(run_of_ann, "ping"), 1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "request_passed_by_rule" in passed_by([1, 2]).explain()
