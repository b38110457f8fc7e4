"""What a worker runs: the layer in force, and whatever answers, executes, seals and tidies up."""

import asyncio
import logging
from pathlib import Path

from approvals.execution.executor import Executor
from approvals.notices.due import write_down_what_is_due
from atlas.audit.tasks import Sealer
from atlas.common.db import in_db
from atlas.common.loops import cancelled, ended
from atlas.datasources.reloading import may_start_with_stored, reload_layer
from atlas.env import Environment
from atlas.events.writer import EventWriter, Publish
from atlas.mailing import usable
from atlas.notices.courier import Courier
from atlas.runner.runner import Runner
from atlas.runner.upkeep import Upkeep
from plugins_app.host.facets.transports import Transports

logger = logging.getLogger(__name__)


class Working:
    """The part of a process that a page does not need; `stop` may follow a broken start."""

    def __init__(self, env: Environment, writer: EventWriter, publish: Publish) -> None:
        self.runner: Runner | None = None
        self._env = env
        self._writer = writer
        self._publish = publish
        self.executor: Executor | None = None
        self.sealer: Sealer | None = None
        self.upkeep: Upkeep | None = None
        self.courier: Courier | None = None
        self.transports = Transports()
        self._reloading: asyncio.Task[None] | None = None

    async def start(self, datasource: str, semantic_dir: Path) -> None:
        """Put the layer in force, then begin; problems of the layer are logged.

        Where a layer is stored already, questions are answered from it while the files and the
        values of the data are read: that asks the datasource once for each dimension.
        """
        if await in_db(may_start_with_stored, datasource):
            self._reloading = asyncio.create_task(_reload_meanwhile(datasource, semantic_dir))
        else:
            await _reload(datasource, semantic_dir)
        self._writer.start()
        self.runner = Runner(
            self._env,
            self._writer,
            self._publish,
            datasource=datasource,
            semantic_dir=semantic_dir,
        )
        self.runner.start()
        self.executor = Executor()
        await self.executor.start()
        self.sealer = Sealer(self._env.data_dir)
        await self.sealer.start()
        self.upkeep = Upkeep()
        self.upkeep.start()
        server = usable(self._env)
        if server is not None:
            self.courier = Courier(server, [write_down_what_is_due])
            self.courier.start()
        self.transports.start()

    async def stop(self, grace_s: float) -> None:
        """Let answers and actions end for the same `grace_s` seconds."""
        if self._reloading:
            await cancelled([self._reloading])
        await ended("the transports", self.transports.stop())
        if self.courier:
            await ended("the notices", self.courier.stop())
        if self.upkeep:
            await ended("the upkeep", self.upkeep.stop())
        stopping = []
        if self.runner:
            stopping.append(ended("the runner", self.runner.stop(grace_s)))
        if self.executor:
            stopping.append(ended("the executor", self.executor.stop(grace_s=grace_s)))
        await asyncio.gather(*stopping)

    async def seal(self) -> None:
        """Seal what was recorded last; nothing is recorded after it."""
        if self.sealer:
            await self.sealer.stop()


async def _reload(datasource: str, semantic_dir: Path) -> None:
    report = await reload_layer(datasource, semantic_dir)
    for problem in (*report.problems, *report.warnings):
        logger.warning("%s", problem)


async def _reload_meanwhile(datasource: str, semantic_dir: Path) -> None:
    try:
        await _reload(datasource, semantic_dir)
    except Exception:
        logger.exception("The semantic layer could not be read again; the stored one is used")
