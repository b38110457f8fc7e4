"""The plugin: who an assistant speaks for, its life, and its health."""

import asyncio
import importlib.util

from plugins_app.reference.mcp.config import Config, Desk
from plugins_app.sdk import (
    HealthResult,
    Interaction,
    Plugin,
    PluginContext,
    PluginError,
    create_plugin,
    measured,
    require,
)

INSTALL = 'pip install "mcp~=2.3"'
UNNAMED = (
    "Name the person that the assistant speaks for: manage.py plugin run {id} --as NAME, "
    "or the option `person` of the plugin."
)


class Life:
    """Whether it was initialized, and how many transports are connected in this process."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._ended: asyncio.Event | None = None
        self._connected = 0

    async def initialize(self, ctx: PluginContext) -> None:
        """Be ready to serve; raises when it already is, and when the driver is missing."""
        if self._ended is not None:
            raise PluginError("The plugin is initialized already.")
        if importlib.util.find_spec("mcp") is None:
            require("mcp", INSTALL)
        self._ended = asyncio.Event()
        ctx.logger.info("Assistants are served over %s", self._config.transport)

    async def transport(self, ctx: PluginContext) -> None:
        """Serve until the assistant leaves, the person is gone or the plugin ends."""
        if self._ended is None:
            raise PluginError("The plugin is not initialized.")
        # It takes about a second, in which the loop answers health checks.
        await asyncio.to_thread(require, "mcp.server", INSTALL)
        self._connected += 1
        try:
            if self._config.transport == "http":
                from plugins_app.reference.mcp import http  # noqa: PLC0415 - optional driver

                await http.serve(ctx, self._config, self._ended)
            else:
                from plugins_app.reference.mcp import stdio  # noqa: PLC0415 - optional driver

                await stdio.serve(self._desk(ctx), self._ended)
        finally:
            self._connected -= 1

    async def health(self) -> HealthResult:
        """Healthy once initialized; the message says whether somebody is connected here."""
        return await measured(self._state)

    async def teardown(self) -> None:
        """End every session."""
        if self._ended is not None:
            self._ended.set()
            self._ended = None

    def _state(self) -> HealthResult:
        if self._ended is None:
            return HealthResult(False, "not initialized")
        return HealthResult(True, "connected" if self._connected else "not connected here")

    def _desk(self, ctx: PluginContext) -> Desk:
        pinned = self._config.person
        if pinned and ctx.as_user and ctx.as_user != pinned:
            raise PluginError(f"The configuration of {ctx.plugin_id} names another person.")
        name = ctx.as_user or pinned
        if not name:
            raise PluginError(UNNAMED.format(id=ctx.plugin_id))
        return Desk(ctx, name, self._config)


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""
    life = Life(config)
    return Plugin(
        id="mcp-interaction",
        types=("interaction",),
        version="1.0.0",
        name="Assistants over MCP",
        config=config,
        interaction=Interaction(transport=life.transport, stdio=config.transport == "stdio"),
        initialize=life.initialize,
        health_check=life.health,
        teardown=life.teardown,
    )


mcp = create_plugin(config_model=Config, create=build)
