"""What changes conversations and runs; authorisation, record and wake-up are inside."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.errors import BadInput, NotAllowed, NotFound
from atlas.common.jsonable import clean_text
from atlas.conversations.enums import Author, Origin, RunKind, RunStatus
from atlas.conversations.models import Conversation, Message, Participant, Run
from atlas.conversations.ownership import owned
from atlas.conversations.places import take_place
from atlas.conversations.tasks import KEEP_EVENTS

MAX_QUESTION_CHARACTERS = 10_000
MAX_TITLE_CHARACTERS = 80
LEASE = timedelta(seconds=15)
A_DAY = timedelta(days=1)


def ask(
    user: User,
    text: str,
    *,
    conversation_id: UUID | None = None,
    parent_id: UUID | None = None,
    origin: Origin | None = None,
) -> Run:
    """Store a question and queue the run that answers it.

    Without a conversation one is started, owned by `user` and named after the question. Without
    an `origin` the user of an API key asks by it, and everybody else on a page. Raises
    `BadInput`, `NotAllowed` (viewers, readers), `NotFound` or `TooManyRunning`; then nothing was
    stored.
    """
    question = _question(text)
    if not user.may_ask:
        raise NotAllowed(_("Viewers read along and do not ask. Ask an admin for another role."))
    with transaction.atomic():
        take_place(user)
        conversation = _conversation(user, conversation_id, question)
        is_new = conversation_id is None
        parent = None if is_new and parent_id is None else _parent(conversation, parent_id)
        asked = Message(
            conversation=conversation, parent=parent, author=Author.USER, user=user, text=question
        )
        answer = Message(conversation=conversation, parent=asked, author=Author.ASSISTANT)
        Message.objects.bulk_create([asked, answer])
        origin = origin or (Origin.API if user.is_narrowed else Origin.CHAT)
        run = _queue(conversation, asked, user, RunKind.QUESTION, answer=answer, origin=origin)
        if not is_new:
            _touch(conversation)
        return run


def rename(conversation_id: UUID, *, by: User, title: str) -> Conversation:
    """Give a conversation another title; only its owner may."""
    title = " ".join(clean_text(title).split())[:MAX_TITLE_CHARACTERS]
    if not title:
        raise BadInput(_("A conversation needs a title. Write a few words."))
    with transaction.atomic():
        conversation = owned(conversation_id, by)
        conversation.title = title
        conversation.save(update_fields=["title"])
        notify(Topic.CONVERSATION, str(conversation_id))
    return conversation


def delete(conversation_id: UUID, *, by: User) -> None:
    """Delete a conversation with its messages, runs and events; only its owner may.

    The audit log keeps that there was one, and how much was said in it.
    """
    with transaction.atomic():
        conversation = owned(conversation_id, by)
        body = {"messages": Message.objects.filter(conversation=conversation).count()}
        record(
            AuditEvent.CONVERSATION_DELETED, actor=by, conversation_id=conversation_id, body=body
        )
        conversation.delete()
        notify(Topic.CONVERSATION, str(conversation_id))


def request_stop(run_id: UUID, *, by: User) -> None:
    """Ask whoever works on the run to stop it; a run that ended already stays as it is."""
    with transaction.atomic():
        run = _writable_run(run_id, by)
        if RunStatus(run.status).is_final:
            return
        run.stop_requested = True
        run.save(update_fields=["stop_requested"])
        notify(Topic.RUNS, f"stop:{run_id}")


def request_stop_of_all() -> int:
    """Ask every running run to stop, in the caller's transaction; returns how many."""
    running = Run.objects.select_for_update().filter(status=RunStatus.RUNNING)
    ids = list(running.order_by("pk").values_list("pk", flat=True))
    Run.objects.filter(pk__in=ids).update(stop_requested=True)
    for run_id in ids:
        notify(Topic.RUNS, f"stop:{run_id}")
    return len(ids)


def continue_run(run_id: UUID, *, by: User) -> Run:
    """Queue a run that goes on where an interrupted, stopped or failed one ended.

    Clicking twice gives the same run. Raises `NotFound`, `NotAllowed`, `BadInput` or
    `TooManyRunning`.
    """
    with transaction.atomic():
        run = _writable_run(run_id, by)
        again = Run.objects.filter(continues=run).first()
        if again is not None:
            return again
        if run.status not in {RunStatus.INTERRUPTED, RunStatus.STOPPED, RunStatus.FAILED}:
            raise BadInput(
                _("This answer is complete or still being written. Wait, or ask a new question.")
            )
        # A day before what it would go on from is deleted.
        if Run.objects.filter(pk=run_id, finished_at__lt=Now() - KEEP_EVENTS + A_DAY).exists():
            raise BadInput(_("This answer is too old to go on. Ask the question again."))
        take_place(by)
        again = _queue(
            run.conversation,
            run.question,
            by,
            RunKind.CONTINUATION,
            answer=run.answer,
            continues=run,
        )
        _touch(run.conversation)
        return again


def queue_follow_up(origin_run_id: UUID) -> Run | None:
    """Queue, once per origin run, the run that tells what became of its requests.

    Called inside the transaction that makes the last request final. None when the conversation
    is gone or its run was told about already.
    """
    origin = Run.objects.select_for_update(of=("self",)).filter(pk=origin_run_id).first()
    if origin is None or Run.objects.filter(follows_up=origin).exists():
        return None
    run = _queue(
        origin.conversation, origin.question, origin.asked_by, RunKind.FOLLOW_UP, follows_up=origin
    )
    _touch(origin.conversation)
    return run


def _question(text: str) -> str:
    question = clean_text(text).strip()
    if not question:
        raise BadInput(_("The question is empty. Write what you want to know."))
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise BadInput(
            _("The question has %(count)s characters; at most %(limit)s fit. Shorten it.")
            % {"count": len(question), "limit": MAX_QUESTION_CHARACTERS}
        )
    return question


def _conversation(user: User, conversation_id: UUID | None, question: str) -> Conversation:
    if conversation_id is None:
        conversation = Conversation.objects.create(title=_title(question))
        Participant.objects.create(conversation=conversation, user=user, is_owner=True)
        return conversation
    visible = Conversation.objects.visible_to(user).filter(pk=conversation_id).first()
    if visible is None:
        raise NotFound(_("There is no such conversation, or you do not take part in it."))
    if not Conversation.objects.writable_by(user).filter(pk=conversation_id).exists():
        raise NotAllowed(_("You read along in this conversation. Ask its owner to let you write."))
    return visible


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= MAX_TITLE_CHARACTERS else line[: MAX_TITLE_CHARACTERS - 1] + "…"


def _parent(conversation: Conversation, parent_id: UUID | None) -> Message | None:
    messages = Message.objects.filter(conversation=conversation)
    if parent_id is not None:
        parent = messages.filter(pk=parent_id).first()
        if parent is None:
            raise NotFound(_("There is no such message in this conversation. Load the page again."))
        return parent
    return messages.order_by("-created_at").first()


def _writable_run(run_id: UUID, by: User) -> Run:
    run = Run.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None:
        raise NotFound(_("There is no such answer, or you do not take part in its conversation."))
    if not Conversation.objects.writable_by(by).filter(pk=run.conversation_id).exists():
        raise NotAllowed(_("You read along in this conversation. Ask its owner to let you write."))
    return run


def _queue(
    conversation: Conversation,
    question: Message,
    user: User | None,
    kind: RunKind,
    *,
    answer: Message | None = None,
    origin: str = Origin.CHAT,
    **after: Run,
) -> Run:
    answer = answer or Message.objects.create(
        conversation=conversation, parent=question, author=Author.ASSISTANT
    )
    run = Run.objects.create(
        conversation=conversation,
        question=question,
        answer=answer,
        asked_by=user,
        kind=kind,
        # What goes on from another run came the way that one did.
        origin=next((run.origin for run in after.values()), origin),
        **after,
    )
    notify(Topic.RUNS, f"queued:{run.pk}")
    return run


def _touch(conversation: Conversation) -> None:
    """It goes to the top of the lists, and whoever follows it looks for the new run.

    One that was made in the same transaction is new in every list and followed by nobody.
    """
    Conversation.objects.filter(pk=conversation.pk).update(touched_at=Now())
    notify(Topic.CONVERSATION, str(conversation.pk))
