"""A package as somebody outside writes it from the documentation, and how it is installed."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "atlas-plugin-stockroom"
version = "0.4.0"
dependencies = ["atlas-plugin-sdk"]

[project.entry-points."atlas.plugins"]
stockroom = "stockroom:stockroom"

[tool.hatch.build.targets.wheel]
packages = ["src/stockroom"]
"""
SOURCE = '''
"""Stock levels of a warehouse, and what its people call things."""

from plugins_app.sdk import (
    ContextFragment,
    Field,
    HealthResult,
    Plugin,
    PluginConfig,
    Table,
    Tool,
    create_plugin,
)
from pydantic import BaseModel, SecretStr


class Config(PluginConfig):
    """Which warehouse, and the key of its interface."""

    warehouse: str
    api_key: SecretStr


class Sku(BaseModel):
    """The arguments of the tool."""

    sku: str


class Words:
    """What the agent is told."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def load(self) -> ContextFragment:
        text = f"Stock is counted in {self.config.warehouse}."
        return ContextFragment(text, {"zorkle": "revenue"})


def create(config: Config) -> Plugin[Config]:
    async def look(arguments: Sku, ctx) -> dict[str, object]:
        table = ctx.plugin.db.table("lookups")
        await ctx.plugin.db.execute(f"INSERT INTO {table} (sku) VALUES (%s)", [arguments.sku])
        seen = await ctx.plugin.db.query(f"SELECT count(*) AS seen FROM {table}")
        return {"sku": arguments.sku, "in": config.warehouse, **seen[0]}

    def initialize(ctx) -> None:
        ctx.tools.register(Tool("stock_level", "How much is in stock", Sku, look))

    def health_check() -> HealthResult:
        known = config.api_key.get_secret_value().startswith("key-")
        return HealthResult(known, "" if known else "The warehouse does not know this key.", 1.0)

    return Plugin(
        id="stockroom",
        types=("context",),
        version="0.4.0",
        name="Stockroom",
        config=config,
        context_provider=Words(config),
        schema={"lookups": Table({"sku": Field("string", required=True)})},
        initialize=initialize,
        health_check=health_check,
    )


stockroom = create_plugin(config_model=Config, create=create, label="stockroom")
'''


def write(folder: Path) -> Path:
    """Write the package as its author keeps it."""
    package = folder / "atlas-plugin-stockroom"
    (package / "src" / "stockroom").mkdir(parents=True)
    (package / "pyproject.toml").write_text(PROJECT)
    (package / "src" / "stockroom" / "__init__.py").write_text(SOURCE)
    return package


def install(package: Path, target: Path) -> None:
    """Install it as pip does, without a network, into a folder."""
    done = subprocess.run(
        [*_installer(), "--no-deps", "--no-build-isolation", "--target", str(target), str(package)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _installer() -> list[str]:
    if importlib.util.find_spec("pip"):
        quiet = ["--no-index", "--disable-pip-version-check", "--no-cache-dir", "--quiet"]
        return [sys.executable, "-m", "pip", "install", *quiet]
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    return [uv, "pip", "install", "--offline", "--python", sys.executable]
