"""A plugin with one action of each kind, and conversations that propose them."""

import asyncio
import dataclasses
from collections.abc import Callable
from typing import Any, Literal

from django.utils import timezone
from pydantic import BaseModel, Field

from approvals import services
from approvals.filing.payloads import Attachment, Why
from approvals.filing.proposals import Proposal
from approvals.filing.requests import Checked, file_request
from approvals.models import ActionRequest
from atlas.conversations.enums import Author, RunStatus
from atlas.conversations.models import Conversation, Message, Participant, Run
from plugins_app.host.facets import actions
from plugins_app.sdk import Action, ActionContext, Plugin, Preview, Reconciled

WHY = Why("Create a ticket to restock Chai", "Chai is out of stock.", "Units in stock", "SELECT 1")
TABLE = Attachment("top.csv", ("product", "revenue"), (("Chai", 12), ("=Tofu", 7)))


class NoteArguments(BaseModel):
    title: str = Field(min_length=1, max_length=200, title="Title")
    body: str = Field(default="", title="Body")
    priority: Literal["low", "high"] | None = Field(default=None, title="Priority")


@dataclasses.dataclass
class Outside:
    """The outside system: what it got, and what it does when called."""

    journal: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    contexts: list[ActionContext] = dataclasses.field(default_factory=list)
    behave: Callable[[], Any] = lambda: {"ticket_id": "T-1"}
    knows: Reconciled = Reconciled("unknown")  # noqa: RUF009 - frozen

    def keys(self) -> list[str]:
        return [key for _, key in self.journal]

    def plugin(self, version: str = "1.0.0", **changes: Any) -> Plugin[Any]:
        """Four actions: `note`, `mail` for admins, `ping` without asking, `ask` reconcilable."""
        rows = [
            ("note", {"default_approval": "manual", "delivery": "once"}),
            ("mail", {"default_approval": "admin-only", "delivery": "once"}),
            ("ping", {"default_approval": "auto", "delivery": "idempotent"}),
            ("ask", {"default_approval": "manual", "delivery": "reconcilable"}),
        ]
        made = tuple(self._action(name, **{**row, **changes}) for name, row in rows)
        return Plugin(id="desk", types=("action",), version=version, actions=made)

    def _action(self, name: str, **options: Any) -> Action[Any]:
        def execute(arguments: NoteArguments, ctx: ActionContext) -> Any:
            self.journal.append((arguments.title, ctx.idempotency_key))
            self.contexts.append(ctx)
            return self.behave()

        usual = {
            "summary": lambda arguments: f"Create the ticket “{arguments.title}”",
            "preview": lambda arguments, _ctx: Preview(f"A ticket called {arguments.title}"),
            "reconcile": lambda _arguments, _ctx: self.knows,
            "arguments": NoteArguments,
            "timeout_s": 60.0,
        }
        return Action(
            name=name,
            description=name,
            execute=execute,
            action_type=f"desk:{name}",
            verb="Create ticket",
            **{**usual, **options},
        )


def start_run(owner, *others, readers=()):
    """Make a conversation with a finished run that `owner` asked for."""
    conversation = Conversation.objects.create(title="Restock")
    Participant.objects.create(conversation=conversation, user=owner, is_owner=True)
    for person in others:
        Participant.objects.create(conversation=conversation, user=person)
    for person in readers:
        Participant.objects.create(conversation=conversation, user=person, may_write=False)
    question = Message.objects.create(
        conversation=conversation, author=Author.USER, user=owner, text=WHY.question
    )
    answer = Message.objects.create(
        conversation=conversation, author=Author.ASSISTANT, parent=question
    )
    return Run.objects.create(
        conversation=conversation,
        question=question,
        answer=answer,
        asked_by=owner,
        status=RunStatus.DONE,
        finished_at=timezone.now(),
    )


def propose(run, action="note", *, title="Restock Chai", call="call-1", **changes) -> ActionRequest:
    """File a proposal as the agent's door does, without the plugin's thread."""
    registered = actions.find(action)
    arguments = NoteArguments(title=title, body=changes.pop("body", ""))
    proposal = Proposal(action, arguments.model_dump(), run.pk, call, why=WHY, **changes)
    summary = registered.spec.summary(arguments)
    preview = Preview(f"A ticket called {title}")
    return file_request(
        Checked(proposal, registered, arguments.model_dump(mode="json"), summary, preview)
    )


def approve(request, by) -> ActionRequest:
    return services.approve(request.pk, by=by, payload_hash=request.payload_hash)


def reject(request, by, reason="Not now") -> ActionRequest:
    return services.reject(request.pk, by=by, payload_hash=request.payload_hash, reason=reason)


def settled(coroutine: Any) -> Any:
    """Run a coroutine to its end in a loop of its own."""
    return asyncio.run(coroutine)
