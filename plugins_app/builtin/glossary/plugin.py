"""The glossary plugin: its configuration, its cache and its text."""

from pathlib import Path

from plugins_app.builtin.glossary.file import read_terms
from plugins_app.sdk import (
    ContextFragment,
    HealthResult,
    Plugin,
    PluginConfig,
    create_plugin,
    measured,
)


class Config(PluginConfig):
    """Where the glossary is."""

    path: Path
    title: str = "Company glossary"


class Glossary:
    """Reads the file once and again after a refresh."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._cached: ContextFragment | None = None

    def load(self) -> ContextFragment:
        if self._cached is None:
            terms = read_terms(self._config.path)
            self._cached = ContextFragment(f"## {self._config.title}" if terms else "", terms)
        return self._cached

    def refresh(self) -> None:
        self._cached = None


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""

    async def health_check() -> HealthResult:
        return await measured(probe)

    def probe() -> HealthResult:
        count = len(read_terms(config.path))
        return HealthResult(count > 0, f"{count} terms" if count else "The glossary is empty")

    return Plugin(
        id="glossary",
        types=("context",),
        version="1.0.0",
        name="Glossary",
        config=config,
        context_provider=Glossary(config),
        health_check=health_check,
    )


glossary = create_plugin(config_model=Config, create=build)
