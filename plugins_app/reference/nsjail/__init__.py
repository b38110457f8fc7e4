"""A sandbox plugin that runs each explore command in a jail of Linux namespaces."""

from plugins_app.reference.nsjail.plugin import Config, nsjail

__all__ = ["Config", "nsjail"]
