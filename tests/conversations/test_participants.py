"""Who may let colleagues into a conversation, and what they may do there."""

import pytest

from approvals.models import ActionRequest
from atlas.accounts.models import User
from atlas.audit.models import AuditEntry
from atlas.common.errors import BadInput, NotAllowed, NotFound
from atlas.conversations import participants, services
from atlas.conversations.models import Conversation, Participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(ann):
    return services.ask(ann, "What was our revenue?").conversation


def places(conversation):
    rows = Participant.objects.filter(conversation=conversation).order_by("user__username")
    return [(place.user.username, place.may_write) for place in rows]


@pytest.mark.parametrize("may_write", [True, False])
def test_a_colleague_is_let_in(conversation, ann, bob, may_write):
    participants.add(conversation.pk, by=ann, username=" bob ", may_write=may_write)

    assert places(conversation) == [("ann", True), ("bob", may_write)]
    assert Conversation.objects.visible_to(bob).get() == conversation
    assert Conversation.objects.writable_by(bob).exists() is may_write


def test_a_reader_becomes_a_participant_and_leaves(conversation, ann, bob):
    participants.add(conversation.pk, by=ann, username="bob", may_write=False)
    participants.add(conversation.pk, by=ann, username="bob", may_write=True)
    assert places(conversation) == [("ann", True), ("bob", True)]

    participants.remove(conversation.pk, by=bob, user_id=bob.pk)

    assert places(conversation) == [("ann", True)]
    entries = AuditEntry.objects.filter(event__startswith="participant.").order_by("id")
    assert [(one.event, one.actor_name) for one in entries] == [
        ("participant.added", "ann"),
        ("participant.changed", "ann"),
        ("participant.removed", "bob"),
    ]


def test_who_may_no_longer_write_is_recorded_and_open_pages_look_again(conversation, ann, bob):
    participants.add(conversation.pk, by=ann, username="bob", may_write=True)
    before = User.objects.get(pk=bob.pk).epoch

    for _twice in range(2):
        participants.add(conversation.pk, by=ann, username="bob", may_write=False)

    assert places(conversation) == [("ann", True), ("bob", False)]
    assert User.objects.get(pk=bob.pk).epoch == before + 1
    entry = AuditEntry.objects.get(event="participant.changed")
    assert (entry.subject, entry.body) == (f"user {bob.pk}", {"may_write": False})


def test_open_sockets_of_who_is_taken_out_are_closed(conversation, ann, bob):
    participants.add(conversation.pk, by=ann, username="bob", may_write=True)
    before = User.objects.get(pk=bob.pk).epoch

    participants.remove(conversation.pk, by=ann, user_id=bob.pk)

    assert User.objects.get(pk=bob.pk).epoch == before + 1
    assert not ActionRequest.objects.visible_to(bob).exists()


def test_what_is_refused(conversation, ann, bob, ada):
    participants.add(conversation.pk, by=ann, username="bob", may_write=True)

    for by, username, error in [
        (bob, "ada", NotFound),
        (ada, "ada", NotFound),
        (ann, "nobody", BadInput),
        (ann, "ann", BadInput),
    ]:
        with pytest.raises(error):
            participants.add(conversation.pk, by=by, username=username, may_write=True)
    for by, user, error in [
        (bob, ann, NotFound),
        (ada, bob, NotFound),
        (ann, ada, NotFound),
        (ann, ann, NotAllowed),
    ]:
        with pytest.raises(error):
            participants.remove(conversation.pk, by=by, user_id=user.pk)
    assert places(conversation) == [("ann", True), ("bob", True)]
