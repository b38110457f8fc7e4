"""Starts and stops everything that runs beside the web server, in order."""

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from approvals import for_plugins, installed
from approvals.executor import Executor
from approvals.policies import Policy
from atlas.audit.tasks import Sealer
from atlas.bus import hub as bus
from atlas.datasources.layer_folder import layer_folder
from atlas.datasources.limits import Limits, chosen_limits, set_limits
from atlas.datasources.masking import chosen_masks, set_masks
from atlas.datasources.reloading import reload_layer
from atlas.datasources.row_policies import chosen_row_policies, set_row_policies
from atlas.demo import place
from atlas.demo.outbox import Outbox, start_outbox
from atlas.env import Environment, environment
from atlas.events import feed
from atlas.events.writer import EventWriter
from atlas.runner.runner import Runner
from atlas.runner.upkeep import Upkeep
from atlas.runtime import outage
from atlas.sql.policies.masks import Masks
from atlas.sql.policies.rows import RowPolicies
from plugins_app.host import lifecycle, loading, people

logger = logging.getLogger(__name__)

Role = Literal["serve", "web", "worker", "command"]

PEOPLE = people.Doors(for_plugins.ask, for_plugins.pending, for_plugins.decide)

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


@dataclass
class Running:
    """What was started; `stop` takes it down in reverse."""

    hub: bus.Hub
    feed: feed.Feed
    writer: EventWriter
    outbox: Outbox | None = None
    runner: Runner | None = None
    executor: Executor | None = None
    sealer: Sealer | None = None
    upkeep: Upkeep | None = None
    has_plugins: bool = field(default=False)

    async def stop(self, grace_s: float) -> None:
        """Let answers end for `grace_s` seconds, write what is left, tear plugins down."""
        global _ready
        _ready = False
        if self.upkeep:
            await self.upkeep.stop()
        if self.runner:
            await self.runner.stop(grace_s)
        if self.executor:
            await self.executor.stop(grace_s=grace_s)
        await self.writer.stop()
        await self.feed.stop()
        if self.sealer:
            await self.sealer.stop()
        if self.has_plugins:
            await lifecycle.stop()
            people.install(None)
        if self.outbox:
            await self.outbox.close()
        await self.hub.stop()
        bus.install(None)
        feed.install(None)


async def start(role: Role) -> Running:
    """Start what `role` needs and return it; on an error or a cancellation nothing stays up."""
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
        installed.install(config.approvals)
        set_limits(config.limits)
        set_row_policies(config.row_policies)
        set_masks(config.masks)
        people.install(PEOPLE)
        await lifecycle.start(config.plugins, safe_mode=env.safe_mode)  # type: ignore[arg-type]  # the host checks each entry
        running.has_plugins = True
        if role != "command":
            await _start_work(running, role, env, config)
    except BaseException:
        await running.stop(0)
        raise
    _ready = True
    return running


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
        approvals=getattr(module, "approvals", None) or Policy(),
        limits=chosen_limits(module),
        row_policies=chosen_row_policies(module),
        masks=chosen_masks(module),
    )


async def _start_work(
    running: Running, role: Role, env: Environment, config: Configuration
) -> None:
    running.feed.start()
    if role == "web":
        return
    report = await reload_layer(config.datasource, config.semantic_dir)
    for problem in report.problems:
        logger.warning("%s", problem)
    running.writer.start()
    running.runner = Runner(
        env,
        running.writer,
        running.feed.publish,
        datasource=config.datasource,
        semantic_dir=config.semantic_dir,
    )
    running.runner.start()
    running.executor = Executor()
    await running.executor.start()
    running.sealer = Sealer(env.data_dir)
    await running.sealer.start()
    running.upkeep = Upkeep()
    running.upkeep.start()
