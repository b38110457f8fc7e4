"""Starts and stops everything that runs beside the web server, in order."""

import asyncio
import logging
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from approvals.policies import Policy
from approvals.rules import installed
from atlas.bus import hub as bus
from atlas.common.loops import ended
from atlas.common.operators_file import chosen
from atlas.datasources.layer_folder import layer_folder
from atlas.datasources.limits import Limits, chosen_limits, set_limits
from atlas.datasources.masking import chosen_masks, set_masks
from atlas.datasources.row_policies import chosen_row_policies, set_row_policies
from atlas.datasources.sensitive import chosen_sensitive_queries, set_sensitive_queries
from atlas.demo import place
from atlas.demo.outbox import Outbox, start_outbox
from atlas.doors import doors
from atlas.env import Environment, environment, set_names
from atlas.events import feed
from atlas.events.writer import EventWriter
from atlas.runtime import outage
from atlas.sql.policies.masks import Masks
from atlas.sql.policies.rows import RowPolicies
from atlas.sql.policies.sensitive import SensitiveQueries
from plugins_app.host import lifecycle, loading, people

if TYPE_CHECKING:
    from atlas.working import Working

logger = logging.getLogger(__name__)

Role = Literal["serve", "web", "worker", "command"]

_ready = False


def is_ready() -> bool:
    """Whether this process has started and is not stopping."""
    return _ready


@dataclass(frozen=True)
class Configuration:
    """What the operator's file says."""

    plugins: list[object]
    datasource: str
    semantic_dir: Path
    approvals: Policy
    limits: Limits
    row_policies: RowPolicies
    masks: Masks
    sensitive_queries: SensitiveQueries


@dataclass
class Running:
    """What was started; `stop` takes it down in reverse."""

    hub: bus.Hub
    feed: feed.Feed
    writer: EventWriter
    outbox: Outbox | None = None
    working: "Working | None" = None
    has_plugins: bool = field(default=False)

    async def stop(self, grace_s: float) -> None:
        """Let answers end for `grace_s` seconds, write what is left, tear plugins down."""
        global _ready
        _ready = False
        for name, step in self._steps(grace_s):
            await ended(name, step)
        people.install(None)
        bus.install(None)
        feed.install(None)

    def _steps(self, grace_s: float) -> Iterator[tuple[str, Awaitable[object]]]:
        if self.working:
            yield "answers and actions", self.working.stop(grace_s)
        yield "the event writer", self.writer.stop()
        yield "the feed", self.feed.stop()
        if self.working:
            yield "the audit sealer", self.working.seal()
        if self.has_plugins:
            yield "the plugins", lifecycle.stop()
        if self.outbox:
            yield "the outbox", self.outbox.close()
        yield "the bus", self.hub.stop()


async def start(role: Role) -> Running:
    """Start what `role` needs and return it; on an error or a cancellation nothing stays up.

    Pages are answered before all of it is up: a question asked then waits in the queue for what
    a worker needs, as it does where web and worker are two processes.
    """
    global _ready
    env = environment()
    hub, follow = bus.Hub(outage.note), feed.Feed()
    running = Running(hub, follow, EventWriter(follow.publish))
    bus.install(hub)
    feed.install(follow)
    try:
        await hub.start()
        if role != "worker" and role != "command" and place.is_on(env):
            running.outbox = await start_outbox(place.outbox_dir(env))
        config = await asyncio.to_thread(read_configuration, env)
        _put_in_force(config)
        people.install(doors(config.semantic_dir))
        await lifecycle.start(
            config.plugins,  # type: ignore[arg-type]  # the host checks each entry
            safe_mode=env.safe_mode,
            variables=set_names(),
        )
        running.has_plugins = True
        if role != "command":
            follow.start()
        _ready = True
        if role in ("serve", "worker"):
            working = await asyncio.to_thread(_import_working)
            running.working = working(env, running.writer, follow.publish)
            await running.working.start(config.datasource, config.semantic_dir)
    except BaseException:
        await running.stop(0)
        raise
    return running


def _put_in_force(config: Configuration) -> None:
    """Every rule of the operator's file, before the first plugin can ask for anything."""
    installed.install(config.approvals)
    set_limits(config.limits)
    set_row_policies(config.row_policies)
    set_masks(config.masks)
    set_sensitive_queries(config.sensitive_queries)


def read_configuration(env: Environment) -> Configuration:
    """Read the operator's file; problems of single plugins are logged and leave them out."""
    loaded = loading.load(env.config)
    for problem in loaded.problems:
        logger.warning("%s", problem)
    module = loading.read_config(env.config)
    layer = layer_folder(env)
    return Configuration(
        plugins=list(loaded.plugins),
        datasource=layer.datasource,
        semantic_dir=layer.path,
        approvals=chosen(module, "approvals", Policy()),
        limits=chosen_limits(module),
        row_policies=chosen_row_policies(module),
        masks=chosen_masks(module),
        sensitive_queries=chosen_sensitive_queries(module),
    )


def _import_working() -> "type[Working]":
    from atlas.working import Working  # noqa: PLC0415 - slow; no page waits for the agent, the guard and the analyst

    return Working
