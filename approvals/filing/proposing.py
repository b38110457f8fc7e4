"""The agent's door: checks a proposal on the plugin's own thread and files it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from approvals.execution.attached import file_of
from approvals.filing.proposals import Proposal
from approvals.filing.requests import Checked, file_request
from approvals.models import ActionRequest
from atlas.common.db import in_db
from atlas.common.errors import BadInput
from plugins_app.host import registry
from plugins_app.host.calling import calls
from plugins_app.host.errors import ActionDidNotHappen, PluginFailed
from plugins_app.host.facets import actions
from plugins_app.host.facets.actions import RegisteredAction
from plugins_app.sdk import Attachment, Preview

VALIDATION_DEADLINE_S = 5.0


class BadArguments(BadInput):
    """Arguments that do not fit the action; `problems` says what is wrong with which."""

    code = "bad_arguments"

    def __init__(self, problems: Mapping[str, str]) -> None:
        found = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
        super().__init__(_("The arguments do not fit the action: %(found)s.") % {"found": found})
        self.problems = problems


async def propose(proposal: Proposal) -> ActionRequest:
    """File what the agent proposes; nothing runs before somebody approved it, or a policy did.

    The same proposal again returns the request of the first time. Raises `BadInput` for an
    unknown action or arguments that do not fit it, `NotAllowed` when the asker may not ask.
    """
    action = actions.find(proposal.action)
    if action is None:
        raise BadInput(
            _("There is no action “%(name)s” at this moment.") % {"name": proposal.action},
            code="unknown_action",
        )
    arguments = await validated(action, proposal.arguments)
    checked = Checked(
        proposal,
        action,
        arguments.model_dump(mode="json"),
        await actions.summary(action, arguments),
        await previewed(action, arguments, tuple(file_of(table) for table in proposal.attachments)),
    )
    return await in_db(file_request, checked)


async def validated(action: RegisteredAction, arguments: object) -> BaseModel:
    """Return the arguments as the action's own model; raises `BadInput` that names each field."""
    entry = registry.current().get(action.plugin_id)
    try:
        # Validators are the plugin's code, so they run where it runs.
        model: BaseModel = await calls.call(
            entry,
            action.spec.arguments.model_validate,
            arguments,
            timeout_s=VALIDATION_DEADLINE_S,
        )
    except PluginFailed as failure:
        if isinstance(failure.error, ValidationError):
            raise BadArguments(_misfits(failure.error)) from None
        raise
    return model


async def previewed(
    action: RegisteredAction, arguments: BaseModel, attachments: tuple[Attachment, ...]
) -> Preview:
    """What the action says it would do; raises `BadInput` when it refuses the arguments."""
    context = actions.context(
        action,
        idempotency_key="preview",
        request_id="preview",
        requester_name="preview",
        attachments=attachments,
    )
    try:
        return await actions.preview(action, arguments, context)
    except ActionDidNotHappen as refusal:
        raise BadInput(refusal.user_message, code="refused_by_action") from None


def _misfits(error: ValidationError) -> dict[str, str]:
    return {
        ".".join(str(part) for part in problem["loc"]) or "arguments": _in_words(problem)
        for problem in error.errors(include_input=False, include_url=False)
    }


def _in_words(problem: ErrorDetails) -> str:
    """What is wrong with a field, for the person who changes it and for the agent alike."""
    limits = problem.get("ctx", {})
    if problem["type"] == "missing" or limits.get("min_length") == 1:
        return _("Fill this in")
    if problem["type"] == "string_too_short":
        return _("At least %(n)d characters are needed") % {"n": limits["min_length"]}
    if problem["type"] == "string_too_long":
        return _("At most %(n)d characters fit") % {"n": limits["max_length"]}
    return problem["msg"]
