"""An explore backend in a container of its own, reached over HTTP."""

import asyncio
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from pydantic import AnyHttpUrl, Field, SecretStr

from plugins_app.sdk import (
    ExploreResult,
    HealthResult,
    Plugin,
    PluginConfig,
    PluginError,
    Sandbox,
    Security,
    create_plugin,
    measured,
)

PRIORITY = 50
MAX_ANSWER = 3_000_000


class Config(PluginConfig):
    """Where the container listens, and the token that it asks for."""

    url: AnyHttpUrl
    token: SecretStr | None = None
    timeout_s: float = Field(default=10.0, gt=0, le=60)


class Sidecar:
    """Sends each command to the container, which has its own copy of the semantic folder."""

    def __init__(self, config: Config) -> None:
        self._config = config

    async def exec(self, command: str) -> ExploreResult:
        """Run one command there; no answer is an error, and a failing command is a result."""
        asked = {"command": command, "timeout": self._config.timeout_s}
        answer = await asyncio.to_thread(_post, self._config, asked)
        return ExploreResult(
            str(answer.get("stdout", "")),
            str(answer.get("stderr", "")),
            int(answer.get("exitCode", 1)),
        )

    async def close(self) -> None:
        """Nothing is kept open."""


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""

    async def health_check() -> HealthResult:
        return await measured(lambda: _read(config, "/health", None), timeout_s=5)

    def create(root: Path) -> Sidecar:
        return Sidecar(config)

    return Plugin(
        id="sidecar",
        types=("sandbox",),
        version="1.0.0",
        name="Sidecar",
        config=config,
        sandbox=Sandbox(
            create=create,
            priority=PRIORITY,
            security=Security(
                network_isolation=False,
                filesystem_isolation=True,
                unprivileged_execution=True,
                description="A container of its own; its network is what its operator gives it",
            ),
        ),
        health_check=health_check,
    )


def _post(config: Config, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = json.loads(_read(config, "/exec", json.dumps(asked).encode()))
    except ValueError:
        raise PluginError("The sidecar answered with something that is no JSON.") from None
    if not isinstance(answer, dict):
        raise PluginError("The sidecar answered with something that is no result.")
    return answer


def _read(config: Config, path: str, body: bytes | None) -> bytes:
    headers = {"Content-Type": "application/json"}
    if config.token is not None:
        headers["Authorization"] = f"Bearer {config.token.get_secret_value()}"
    url = str(config.url).rstrip("/") + path
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - the model admits http only
    try:
        limit = config.timeout_s + 5
        with urllib.request.urlopen(request, timeout=limit) as answer:  # noqa: S310 - http only
            return bytes(answer.read(MAX_ANSWER))
    except urllib.error.HTTPError as error:
        error.close()
        raise PluginError(f"The sidecar answered with status {error.code}.") from None
    except OSError:
        raise PluginError("The sidecar cannot be reached. Check ATLAS_SANDBOX_URL.") from None


sidecar = create_plugin(config_model=Config, create=build)
