"""The action type: something the agent may propose and that runs only after approval."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from plugins_app.sdk.host import ActionContext

Arguments = TypeVar("Arguments", bound=BaseModel)
ApprovalMode = Literal["manual", "admin-only", "auto"]
Delivery = Literal["once", "idempotent", "reconcilable"]
Result = Mapping[str, Any]


@dataclass(frozen=True)
class ActionPhrases:
    """Words by which people ask for the action: "create ... ticket"."""

    verbs: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What would happen, in one text, with warnings the decider should see."""

    text: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reconciled:
    """What the outside system says about an earlier try with the same key.

    Say "failed" only when that try cannot happen any more, also if it is still on its way: where
    the system merely has not seen the key yet, say "unknown".
    """

    outcome: Literal["executed", "failed", "unknown"]
    result: Result = field(default_factory=dict)


@dataclass(frozen=True)
class Action(Generic[Arguments]):
    """One thing a plugin can do to the outside world.

    `execute` is reached only by the executor of an approved request. Delivery says what may
    happen after a lost reply: "idempotent" is tried again with the same key, "reconcilable" is
    asked about, "once" is never sent twice. `data_fields` names the arguments that may hold
    values read from data. Every callable may be synchronous or asynchronous.
    """

    name: str
    description: str
    arguments: type[Arguments]
    execute: Callable[[Arguments, ActionContext], Result | Awaitable[Result]]
    action_type: str
    reversible: bool = False
    default_approval: ApprovalMode = "manual"
    required_credentials: tuple[str, ...] = ()
    preview: Callable[[Arguments, ActionContext], Preview | Awaitable[Preview]] | None = None
    roll_back: Callable[[Result, ActionContext], Result | Awaitable[Result]] | None = None
    reconcile: Callable[[Arguments, ActionContext], Reconciled | Awaitable[Reconciled]] | None = (
        None
    )
    delivery: Delivery = "once"
    timeout_s: float = 30.0
    verb: str = ""
    summary: Callable[[Arguments], str] | None = None
    phrases: ActionPhrases = field(default_factory=ActionPhrases)
    data_fields: tuple[str, ...] = ()
    allow_auto_after_untrusted: bool = False
