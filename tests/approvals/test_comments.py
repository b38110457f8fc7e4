"""Comments on a request: who may write and read them."""

import pytest

from approvals.cards.comments import comment
from approvals.enums import Status
from atlas.audit.models import AuditEntry
from atlas.common.errors import BadInput, NotAllowed, NotFound
from tests.approvals.desk import propose, reject

pytestmark = pytest.mark.django_db


def test_a_comment_is_kept_with_its_author(run_of_ann, ann, bob):
    request = propose(run_of_ann)

    comment(request.pk, by=bob, text="  Ask for\x00 ten cases instead? ")
    reject(request, ann)
    comment(request.pk, by=ann, text="Asked again.")

    assert [(one.author_name, one.text) for one in request.comments.all()] == [
        ("bob", "Ask for\ufffd ten cases instead?"),
        ("ann", "Asked again."),
    ]
    entry = AuditEntry.objects.get(event="request.commented", actor_name="bob")
    assert "text" not in entry.body


@pytest.mark.parametrize(
    ("text", "words"), [("", "Write what"), (" \n", "Write what"), ("x" * 2001, "too long")]
)
def test_a_comment_that_is_refused(run_of_ann, bob, text, words):
    request = propose(run_of_ann)

    with pytest.raises(BadInput, match=words):
        comment(request.pk, by=bob, text=text)

    assert not request.comments.exists()


def test_who_may_not_comment(run_of_ann, vic, ada):
    request = propose(run_of_ann)

    with pytest.raises(NotAllowed):
        comment(request.pk, by=vic, text="Me too")
    with pytest.raises(NotFound):
        comment(request.pk, by=ada, text="Me too")
    assert request.status == Status.PENDING
