"""The explore shell as plugins reach it for a person."""

from pathlib import Path

from django.utils.translation import gettext as _

from atlas.accounts.for_plugins import person_of
from atlas.accounts.principal import Principal
from atlas.common.db import in_db
from atlas.common.errors import NotAllowed
from atlas.sandbox.explore import run_explore
from plugins_app.sdk import ExploreResult, PluginError


async def explore_as(command: str, as_user: str, root: Path) -> ExploreResult:
    """Run one command as the person named; raises `PluginError` when it was not run."""
    asker = await in_db(_may_explore, as_user)
    outcome = await run_explore(asker, command, root=root)
    if outcome.error:
        raise PluginError(outcome.error)
    return ExploreResult(outcome.stdout, outcome.stderr, outcome.exit_code)


def _may_explore(as_user: str) -> Principal:
    user = person_of(as_user)
    if not user.may_ask:
        raise NotAllowed(_("Your role or API key lets you read along, not ask."))
    return Principal.of(user)
