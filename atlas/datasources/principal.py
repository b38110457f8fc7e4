"""On whose behalf a datasource is asked."""

from atlas.accounts.principal import Principal

__all__ = ["Principal"]
