"""Promises of what changes conversations: who may do it, and what a refusal leaves behind."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from atlas.accounts.models import User
from atlas.audit.models import AuditEntry
from atlas.common.errors import AtlasError, BadInput, NotAllowed, NotFound
from atlas.conversations import ending, services
from atlas.conversations.enums import EventKind, RunStatus
from atlas.conversations.models import Conversation, Message, Participant, Run, RunEvent
from atlas.conversations.owners import process_name
from atlas.conversations.thread import load_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(ann: User, bob: User, vic: User) -> dict[str, User]:
    return {"ann": ann, "bob": bob, "vic": vic}


@pytest.fixture
def run(people: dict[str, User]) -> Run:
    """A question in ann's conversation, which vic may read and bob does not take part in."""
    run = services.ask(people["ann"], "How many orders?")
    Participant.objects.create(conversation=run.conversation, user=people["vic"], may_write=False)
    return run


def set_status(run: Run, status: RunStatus, **fields: object) -> None:
    ended = timezone.now() if status.is_final else None
    Run.objects.filter(pk=run.pk).update(status=status, finished_at=ended, **fields)


def end(run: Run) -> None:
    set_status(run, RunStatus.STOPPED)


def say(run: Run, *texts: str) -> None:
    for text in texts:
        seq = run.events.count() + 1
        RunEvent.objects.create(run=run, seq=seq, kind=EventKind.TEXT, payload={"text": text})


def counts() -> tuple[int, int, int]:
    return Conversation.objects.count(), Message.objects.count(), Run.objects.count()


Act = Callable[[Run, User], object]
ACTS: dict[str, Act] = {
    "ask": lambda run, user: services.ask(user, "And now?", conversation_id=run.conversation_id),
    "rename": lambda run, user: services.rename(run.conversation_id, by=user, title="Orders"),
    "delete": lambda run, user: services.delete(run.conversation_id, by=user),
    "stop": lambda run, user: services.request_stop(run.pk, by=user),
    "continue": lambda run, user: services.continue_run(run.pk, by=user),
}


@pytest.mark.parametrize(
    ("act", "who", "refusal"),
    [
        ("ask", "ann", None),
        ("ask", "bob", NotFound),
        ("ask", "vic", NotAllowed),
        ("rename", "ann", None),
        ("rename", "bob", NotFound),
        ("rename", "vic", NotFound),
        ("delete", "ann", None),
        ("delete", "bob", NotFound),
        ("delete", "vic", NotFound),
        ("stop", "ann", None),
        ("stop", "bob", NotFound),
        ("stop", "vic", NotAllowed),
        ("continue", "ann", None),
        ("continue", "bob", NotFound),
        ("continue", "vic", NotAllowed),
    ],
)
def test_who_may_do_what(
    people: dict[str, User], run: Run, act: str, who: str, refusal: type[AtlasError] | None
) -> None:
    if act == "continue":
        end(run)
    before = counts()
    if refusal is None:
        ACTS[act](run, people[who])
        return
    with pytest.raises(refusal):
        ACTS[act](run, people[who])

    assert counts() == before
    kept = Run.objects.select_related("conversation").get(pk=run.pk)
    assert (kept.conversation.title, kept.stop_requested) == ("How many orders?", False)


def test_a_first_question_starts_a_conversation_of_its_asker(ann: User) -> None:
    run = services.ask(ann, "  How many\n orders?  ")

    assert counts() == (1, 2, 1)
    assert run.conversation.title == "How many orders?"
    assert run.question.text == "How many\n orders?"
    assert run.answer.parent == run.question
    assert (run.status, run.kind, run.fence, run.asked_by) == ("queued", "question", 0, ann)
    assert list(Conversation.objects.owned_by(ann)) == [run.conversation]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", None),
        (" \n\t ", None),
        ("x" * 100_000, None),
        ("x" * 10_001, None),
        ("x" * 10_000, "x" * 10_000),
        ("a\x00b", "a\ufffdb"),
        ("a\ud800", "a\ufffd\ufffd\ufffd"),
        (bytes(range(1, 256)).decode("latin-1"), bytes(range(1, 256)).decode("latin-1").strip()),
    ],
    ids=["empty", "blank", "100kB", "one too long", "longest", "nul", "surrogate", "binary"],
)
def test_questions_of_any_form(ann: User, text: str, stored: str | None) -> None:
    if stored is None:
        with pytest.raises(BadInput):
            services.ask(ann, text)
        assert counts() == (0, 0, 0)
    else:
        run = services.ask(ann, text)
        assert Message.objects.get(pk=run.question_id).text == stored
        assert len(run.conversation.title) <= services.MAX_TITLE_CHARACTERS


def test_a_viewer_starts_no_conversation(vic: User) -> None:
    with pytest.raises(NotAllowed):
        services.ask(vic, "How many?")
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize("act", list(ACTS))
def test_what_does_not_exist_is_not_found(ann: User, act: str) -> None:
    with pytest.raises(NotFound):
        ACTS[act](Run(pk=uuid.uuid4(), conversation_id=uuid.uuid4()), ann)


@pytest.mark.parametrize("title", ["", "  \n "])
def test_a_title_needs_a_word(ann: User, run: Run, title: str) -> None:
    with pytest.raises(BadInput):
        services.rename(run.conversation_id, by=ann, title=title)


def test_rename_keeps_one_short_line(ann: User, run: Run) -> None:
    services.rename(run.conversation_id, by=ann, title=" Orders\n of\x00 May " + "x" * 500)

    title = Conversation.objects.get().title
    assert title.startswith("Orders of\ufffd May x")
    assert len(title) == services.MAX_TITLE_CHARACTERS


def test_delete_leaves_nothing(ann: User, run: Run) -> None:
    say(run, "One.")
    services.delete(run.conversation_id, by=ann)

    assert counts() == (0, 0, 0)
    assert RunEvent.objects.count() == 0


@pytest.mark.parametrize("status", list(RunStatus))
def test_stop_is_wanted_only_while_there_is_something_to_stop(
    ann: User, run: Run, status: RunStatus
) -> None:
    set_status(run, status)
    services.request_stop(run.pk, by=ann)

    assert Run.objects.get(pk=run.pk).stop_requested is not status.is_final


@pytest.mark.parametrize("status", list(RunStatus))
def test_only_a_broken_off_answer_is_continued(ann: User, run: Run, status: RunStatus) -> None:
    set_status(run, status)
    if status in {RunStatus.INTERRUPTED, RunStatus.STOPPED, RunStatus.FAILED}:
        again = services.continue_run(run.pk, by=ann)
        assert (again.answer_id, again.question_id) == (run.answer_id, run.question_id)
        assert (again.kind, again.status, again.continues) == ("continuation", "queued", run)
        assert services.continue_run(run.pk, by=ann) == again
    else:
        with pytest.raises(BadInput):
            services.continue_run(run.pk, by=ann)


def test_a_question_follows_only_messages_of_its_own_conversation(
    people: dict[str, User], run: Run
) -> None:
    elsewhere = services.ask(people["bob"], "Something else")
    before = counts()

    for stranger in (elsewhere.question_id, uuid.uuid4()):
        with pytest.raises(NotFound):
            services.ask(
                people["ann"],
                "And now?",
                conversation_id=run.conversation_id,
                parent_id=stranger,
            )
    assert counts() == before

    again = services.ask(
        people["ann"], "Or?", conversation_id=run.conversation_id, parent_id=run.answer_id
    )
    assert again.question.parent_id == run.answer_id


def test_a_follow_up_is_queued_once(run: Run) -> None:
    follow_up = services.queue_follow_up(run.pk)

    assert follow_up is not None
    assert (follow_up.kind, follow_up.follows_up) == ("follow_up", run)
    assert follow_up.answer_id != run.answer_id
    assert services.queue_follow_up(run.pk) is None
    assert services.queue_follow_up(uuid.uuid4()) is None


def test_only_the_lease_holder_finishes_a_run_and_once(run: Run) -> None:
    set_status(run, RunStatus.RUNNING, fence=2)
    say(run, "It is ", "42.")
    done = (EventKind.DONE, {})

    assert not ending.finish_run(run.pk, 1, 3, done, [])
    assert ending.finish_run(run.pk, 2, 3, done, [{"kind": "suggest"}])
    assert not ending.finish_run(run.pk, 2, 4, done, [])

    kept = Run.objects.select_related("answer").get(pk=run.pk)
    assert (kept.status, kept.answer.text) == ("done", "It is 42.")
    assert kept.answer.parts == [{"kind": "suggest"}]
    assert [event.kind for event in kept.events.order_by("seq")] == ["text", "text", "done"]


def test_a_run_whose_lease_ended_is_interrupted_and_its_fence_grows(ann: User, run: Run) -> None:
    alive = services.ask(ann, "Another")
    lease = {"fence": 1, "lease_owner": process_name()}
    now = timezone.now()
    set_status(run, RunStatus.RUNNING, lease_until=now - services.LEASE, **lease)
    set_status(alive, RunStatus.RUNNING, lease_until=now + services.LEASE, **lease)
    say(run, "It is ")

    assert ending.interrupt_dead_runs() == [run.pk]

    kept = Run.objects.select_related("answer").get(pk=run.pk)
    assert (kept.status, kept.fence, kept.answer.text) == ("interrupted", 2, "It is ")
    assert Run.objects.get(pk=alive.pk).status == "running"
    assert ending.interrupt_dead_runs() == []


def test_a_thread_reads_back_in_order_over_continuations(
    ann: User, run: Run, django_assert_num_queries: Callable
) -> None:
    say(run, "It ", "is ")
    end(run)
    again = services.continue_run(run.pk, by=ann)
    say(again, "42.")
    other = services.ask(ann, "And in May?", conversation_id=run.conversation_id)
    assert other.question.parent == run.answer
    # The runs of one transaction were queued at one moment; in life each has its own.
    for place, item in enumerate((run, again, other)):
        moment = timezone.now() + timedelta(seconds=place)
        Run.objects.filter(pk=item.pk).update(queued_at=moment)

    with django_assert_num_queries(2):
        first, second = load_thread(run.conversation)

    assert (first.question, first.answer) == (run.question, run.answer)
    assert first.runs == [run, again]
    assert "".join(event.payload["text"] for event in first.events) == "It is 42."
    assert (second.runs, second.events) == ([other], [])


def test_a_deleted_conversation_leaves_who_deleted_it_in_the_log(
    people: dict[str, User], run: Run
) -> None:
    services.delete(run.conversation_id, by=people["ann"])

    entry = AuditEntry.objects.get(event="conversation.deleted")
    assert (entry.actor_id, entry.conversation_id) == (people["ann"].pk, run.conversation_id)
    assert entry.body == {"messages": 2}


def test_what_cannot_be_recorded_is_not_deleted(
    people: dict[str, User], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr(services, "record", broken)
    with pytest.raises(RuntimeError, match="log"):
        services.delete(run.conversation_id, by=people["ann"])

    assert Conversation.objects.filter(pk=run.conversation_id).exists()
