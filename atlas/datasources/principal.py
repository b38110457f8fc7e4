"""On whose behalf a datasource is asked."""

from atlas.accounts.principal import PluginPrincipal, Principal

__all__ = ["PluginPrincipal", "Principal"]
