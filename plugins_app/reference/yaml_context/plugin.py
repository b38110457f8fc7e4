"""The plugin: its configuration, its cache, its health check and its tool."""

import asyncio
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from plugins_app.reference.yaml_context.content import AMBIGUOUS, Content, read
from plugins_app.reference.yaml_context.files import Folder
from plugins_app.reference.yaml_context.text import fragment_of
from plugins_app.sdk import (
    ContextFragment,
    HealthResult,
    Logger,
    Plugin,
    PluginConfig,
    PluginContext,
    Tool,
    ToolContext,
    create_plugin,
    measured,
)

MOST_NAMES = 100


class Config(PluginConfig):
    """The folder that holds `entities/`, `glossary.yml` and `metrics/`."""

    semantic_dir: Path = Path("./semantic")


class Stats(BaseModel):
    """Which names to count."""

    model_config = ConfigDict(extra="forbid")

    filter: str = Field(
        "", max_length=200, description="Only names that contain this; empty for all"
    )


class YamlContext:
    """Reads the folder once, and again after a refresh."""

    def __init__(self, config: Config) -> None:
        self._root = config.semantic_dir
        self._cached: ContextFragment | None = None
        self.logger: Logger | None = None

    def load(self) -> ContextFragment:
        """Return what the files say; files that cannot be read are logged and left out."""
        if self._cached is None:
            content = read(self._root)
            self._warn(content)
            self._cached = fragment_of(content)
        return self._cached

    def refresh(self) -> None:
        """Forget what was read."""
        self._cached = None

    def probe(self) -> HealthResult:
        """Look for the folder, its entities, and count their files."""
        if not self._root.is_dir():
            return HealthResult(False, f"The folder {self._root} does not exist")
        folder = Folder(self._root)
        if not (self._root / "entities").is_dir():
            return HealthResult(False, f"The folder {self._root} has no folder entities")
        count = len(folder.listed("entities"))
        if folder.problems and not count:
            return HealthResult(False, folder.problems[0])
        if not count:
            return HealthResult(False, "The folder entities holds no .yml file")
        return HealthResult(True, f"{count} entity {'file' if count == 1 else 'files'}")

    def stats(self, asked: Stats, ctx: ToolContext) -> dict[str, Any]:
        """Read the folder anew and count what it holds."""
        content = read(self._root)
        wanted = asked.filter.casefold()
        return {
            "entities": _counted((one.name for one in content.entities), wanted),
            "terms": _counted((one.name for one in content.terms), wanted),
            "ambiguous_terms": _counted(
                (one.name for one in content.terms if one.status == AMBIGUOUS), wanted
            ),
            "metrics": _counted((one.name for one in content.metrics), wanted),
            "not_read": list(content.problems[:MOST_NAMES]),
        }

    def _warn(self, content: Content) -> None:
        if self.logger is not None:
            for problem in content.problems[:MOST_NAMES]:
                self.logger.warning("Passed over: %s", problem)


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""
    provider = YamlContext(config)

    async def health_check() -> HealthResult:
        return await measured(provider.probe)

    async def initialize(ctx: PluginContext) -> None:
        provider.logger = ctx.logger
        ctx.tools.register(_tool(provider))
        found = await health_check()
        if not found.healthy:
            ctx.logger.warning("No context yet: %s", found.message)
        # The first question has 3 s for this, and many files may take longer.
        await asyncio.to_thread(provider.load)

    return Plugin(
        id="context-yaml",
        types=("context",),
        version="1.0.0",
        name="YAML context",
        config=config,
        context_provider=provider,
        initialize=initialize,
        health_check=health_check,
    )


def _tool(provider: YamlContext) -> Tool[Stats]:
    return Tool(
        name="getYamlContextStats",
        description="Count the entities, glossary terms and metrics in the YAML files now, "
        "with their names. Reads the files anew.",
        arguments=Stats,
        run=provider.stats,
    )


def _counted(names: Any, wanted: str) -> dict[str, Any]:
    found = sorted(name for name in names if wanted in name.casefold())
    return {"count": len(found), "names": found[:MOST_NAMES]}


yaml_context = create_plugin(config_model=Config, create=build)
