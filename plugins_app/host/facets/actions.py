"""The actions of all plugins: found by name, and executed only for an approved request."""

import functools
import hashlib
import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from atlas.common.errors import AtlasError
from atlas.common.jsonable import jsonable
from plugins_app.host import registry
from plugins_app.host.calling import calls
from plugins_app.host.context import PluginLogger
from plugins_app.host.errors import (
    ActionDidNotHappen,
    ActionOutcomeUnknown,
    PluginFailed,
    PluginTimeout,
    PluginUnavailable,
)
from plugins_app.host.registry import Entry
from plugins_app.sdk import (
    Action,
    ActionContext,
    ActionFailed,
    Attachment,
    BrokenDriverError,
    MissingDriverError,
    Plugin,
    PluginContext,
    Preview,
    Reconciled,
    Reject,
)

logger = logging.getLogger(__name__)

PREVIEW_DEADLINE_S = 5.0
# What a plugin raises when it is certain that nothing happened.
NOTHING_HAPPENED = (ActionFailed, Reject, MissingDriverError, BrokenDriverError)


@dataclass(frozen=True)
class RegisteredAction:
    """An action that can be proposed now.

    The fingerprint changes when an approval of the old form no longer fits: with the schema of
    the arguments, the delivery class or the plugin's major version.
    """

    plugin_id: str
    plugin_version: str
    spec: Action[Any]
    fingerprint: str


def registered() -> list[RegisteredAction]:
    """Return the actions of usable plugins; of two with one name the first registered counts."""
    found: dict[str, RegisteredAction] = {}
    for entry in registry.current().enabled_of_type("action"):
        for action in entry.plugin.actions:
            if action.name in found:
                logger.warning("Plugin %s: the action %s exists already", entry.id, action.name)
                continue
            found[action.name] = _registered(entry.plugin, action)
    return list(found.values())


def find(name: str) -> RegisteredAction | None:
    """Return the action of that name; None when no usable plugin offers it, or none runs here."""
    if not registry.is_running():
        return None
    return next((one for one in registered() if one.spec.name == name), None)


def fingerprint(plugin: Plugin[Any], action: Action[Any]) -> str:
    """Return the SHA-256 of the contract that an approval is bound to."""
    major = plugin.version.strip().split(".")[0]
    arguments: type[BaseModel] = action.arguments
    return _fingerprint(arguments, action.delivery, major)


# Every question asks for the actions, and the schema takes milliseconds to work out.
@functools.lru_cache(maxsize=256)
def _fingerprint(arguments: type[BaseModel], delivery: str, major: str) -> str:
    contract = {
        "arguments": arguments.model_json_schema(),
        "delivery": delivery,
        "major": major,
    }
    text = json.dumps(contract, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def context(
    action: RegisteredAction,
    *,
    idempotency_key: str,
    request_id: str,
    requester_name: str,
    attachments: tuple[Attachment, ...] = (),
    hear: Callable[[str], None] | None = None,
) -> ActionContext:
    """Return what the action is given beside its arguments; `hear` gets the lines it logs."""
    entry = _entry(action)
    host = _context(entry)
    return ActionContext(
        idempotency_key=idempotency_key,
        request_id=request_id,
        requester_name=requester_name,
        logger=PluginLogger(entry.id, entry.secrets, hear) if hear else host.logger,
        db=host.db,
        attachments=attachments,
    )


async def execute(
    action: RegisteredAction, arguments: BaseModel, ctx: ActionContext
) -> dict[str, Any]:
    """Run the action once and return its result; only `approvals.execution.attempts` may call this.

    Raises `ActionDidNotHappen` when nothing happened for certain, `ActionOutcomeUnknown` when
    that cannot be told, `PluginUnavailable` when the plugin was not called at all.
    """
    return await _effect(action, action.spec.execute, arguments, ctx)


async def roll_back(
    action: RegisteredAction, result: Mapping[str, Any], ctx: ActionContext
) -> dict[str, Any]:
    """Undo an executed action; raises as `execute` does."""
    if action.spec.roll_back is None:
        raise ActionDidNotHappen(_("This action cannot be rolled back."))
    return await _effect(action, action.spec.roll_back, result, ctx)


async def reconcile(
    action: RegisteredAction, arguments: BaseModel, ctx: ActionContext
) -> Reconciled:
    """Ask the outside system what became of an earlier try; unknown when it cannot tell."""
    if action.spec.reconcile is None:
        return Reconciled("unknown")
    try:
        found = await calls.call(
            _entry(action),
            action.spec.reconcile,
            arguments,
            ctx,
            timeout_s=action.spec.timeout_s,
        )
    except AtlasError:
        return Reconciled("unknown")
    return found if isinstance(found, Reconciled) else Reconciled("unknown")


async def preview(action: RegisteredAction, arguments: BaseModel, ctx: ActionContext) -> Preview:
    """Return what would happen; raises `ActionDidNotHappen` when the arguments are refused.

    An action without a preview, or with one that fails, is described by its summary.
    """
    if action.spec.preview is not None:
        try:
            shown = await calls.call(
                _entry(action), action.spec.preview, arguments, ctx, timeout_s=PREVIEW_DEADLINE_S
            )
            if isinstance(shown, Preview):
                return shown
        except PluginFailed as failure:
            if isinstance(failure.error, NOTHING_HAPPENED):
                raise _did_not_happen(action, failure.error) from None
        except PluginTimeout:
            logger.warning("The preview of %s took too long", action.spec.name)
    return Preview(await summary(action, arguments))


async def summary(action: RegisteredAction, arguments: BaseModel) -> str:
    """Return the action in one line; its button text when it has no summary of its own."""
    fallback = action.spec.verb or action.spec.name
    if action.spec.summary is None:
        return fallback
    try:
        text = await calls.call(
            _entry(action), action.spec.summary, arguments, timeout_s=PREVIEW_DEADLINE_S
        )
    except AtlasError:
        return fallback
    return text if isinstance(text, str) and text.strip() else fallback


def missing_credentials(plugin: Plugin[Any], variables: Collection[str]) -> list[str]:
    """Return required credentials that are neither a filled option nor a set variable."""
    missing = []
    for action in plugin.actions:
        for name in action.required_credentials:
            if not getattr(plugin.config, name, None) and name not in variables:
                missing.append(name)
    return missing


async def _effect(
    action: RegisteredAction, effect: Callable[..., Any], subject: object, ctx: ActionContext
) -> dict[str, Any]:
    entry = _entry(action)
    try:
        result = await calls.call(entry, effect, subject, ctx, timeout_s=action.spec.timeout_s)
    except PluginTimeout as error:
        raise ActionOutcomeUnknown(error.user_message) from None
    except PluginFailed as failure:
        if isinstance(failure.error, NOTHING_HAPPENED):
            raise _did_not_happen(action, failure.error) from None
        raise ActionOutcomeUnknown(failure.user_message) from None
    # The effect has happened: a strange result must not make it look as if it had not.
    if result is None:
        return {}
    safe = jsonable(result)
    return safe if isinstance(safe, dict) else {"value": safe}


def _did_not_happen(action: RegisteredAction, error: BaseException) -> ActionDidNotHappen:
    return ActionDidNotHappen(_entry(action).scrub(str(error)) or _("The action failed."))


def _registered(plugin: Plugin[Any], action: Action[Any]) -> RegisteredAction:
    return RegisteredAction(plugin.id, plugin.version, action, fingerprint(plugin, action))


def _entry(action: RegisteredAction) -> Entry:
    entry = registry.current().get(action.plugin_id)
    if not entry.usable:
        raise PluginUnavailable(
            _("The plugin “%(plugin)s” is not available now; nothing was done.")
            % {"plugin": entry.plugin.label}
        )
    return entry


def _context(entry: Entry) -> PluginContext:
    if entry.context is None:
        raise PluginUnavailable(_("The plugin has not been started."))
    return entry.context
