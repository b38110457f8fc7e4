"""An interaction plugin through which assistants ask Atlas over the Model Context Protocol."""

from plugins_app.reference.mcp.config import Config
from plugins_app.reference.mcp.plugin import mcp

__all__ = ["Config", "mcp"]
