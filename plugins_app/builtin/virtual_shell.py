"""An explore backend that works everywhere: a shell in memory over a read-only folder."""

from pathlib import Path
from typing import Any

from pydantic import Field

from plugins_app.sdk import (
    ExploreResult,
    HealthResult,
    Plugin,
    PluginConfig,
    Sandbox,
    Security,
    create_plugin,
    measured,
    require,
)

HINT = 'pip install "bashkit~=0.20"'
FOLDER = "/semantic"


class Config(PluginConfig):
    """Limits of one command."""

    timeout_s: float = Field(default=8.0, gt=0, le=60)
    max_commands: int = Field(default=5_000, gt=0)
    max_memory_bytes: int = Field(default=64_000_000, gt=0)


class VirtualShell:
    """Runs each command in a fresh interpreter, so that nothing passes between people."""

    def __init__(self, root: Path, config: Config) -> None:
        self._root = root.resolve()
        self._config = config

    async def exec(self, command: str) -> ExploreResult:
        result = await self._interpreter().execute(command)
        return ExploreResult(result.stdout, result.stderr, result.exit_code)

    async def close(self) -> None:
        """Nothing is kept open."""

    def _interpreter(self) -> Any:
        bashkit = require("bashkit", HINT)
        mount = {"host_path": str(self._root), "vfs_path": FOLDER, "writable": False}
        return bashkit.Bash(
            cwd=FOLDER,
            mounts=[mount],
            allowed_mount_paths=[str(self._root)],
            readonly_filesystem=True,
            timeout_seconds=self._config.timeout_s,
            max_commands=self._config.max_commands,
            max_loop_iterations=10_000,
            max_memory=self._config.max_memory_bytes,
        )


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""

    def create(root: Path) -> VirtualShell:
        require("bashkit", HINT)
        return VirtualShell(root, config)

    async def health_check() -> HealthResult:
        return await measured(_probe)

    return Plugin(
        id="virtual-shell",
        types=("sandbox",),
        version="1.0.0",
        name="Virtual shell",
        config=config,
        sandbox=Sandbox(
            create=create,
            priority=0,
            security=Security(
                network_isolation=True,
                filesystem_isolation=True,
                unprivileged_execution=True,
                description="A shell emulated in this process: no programs, no network, "
                "a read-only view of the semantic folder",
            ),
        ),
        health_check=health_check,
    )


async def _probe() -> bool:
    result = await require("bashkit", HINT).Bash().execute("echo ready")
    return bool(result.stdout == "ready\n")


virtual_shell = create_plugin(config_model=Config, create=build)
