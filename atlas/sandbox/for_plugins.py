"""The explore shell as plugins reach it for a person."""

from pathlib import Path

from atlas.accounts.for_plugins import asker_of
from atlas.accounts.principal import Principal
from atlas.common.db import in_db
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
    return Principal.of(asker_of(as_user))
