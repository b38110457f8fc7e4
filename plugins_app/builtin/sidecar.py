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
# Two streams of 1 MB, of which JSON may write each character as six.
MAX_ANSWER = 13_000_000
# What a command gets beyond its limit to come back with what it printed.
GRACE_S = 5.0
HEALTH_S = 5.0
TIMED_OUT = 124


class Config(PluginConfig):
    """Where the container listens, and the token that it asks for."""

    url: AnyHttpUrl
    token: SecretStr | None = None
    timeout_s: float = Field(default=8.0, ge=1, le=60)


class Sidecar:
    """Sends each command to the container, which has its own copy of the semantic folder."""

    def __init__(self, config: Config) -> None:
        self._config = config

    async def exec(self, command: str) -> ExploreResult:
        """Run one command there; no answer is an error, and a failing command is a result."""
        asked = {"command": command, "timeout": round(self._config.timeout_s * 1000)}
        try:
            return await asyncio.to_thread(_post, self._config, asked)
        except TimeoutError:
            seconds = self._config.timeout_s + GRACE_S
            notice = f"The sidecar did not answer within {seconds:g} s."
            return ExploreResult("", notice, TIMED_OUT)

    async def close(self) -> None:
        """Nothing is kept open."""


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""

    async def health_check() -> HealthResult:
        return await measured(lambda: _probe(config), timeout_s=HEALTH_S)

    def create(root: Path) -> Sidecar:
        return Sidecar(config)

    return Plugin(
        id="sidecar",
        types=("sandbox",),
        version="1.0.1",
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


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing, for the token would go along."""

    def redirect_request(self, *given: object) -> None:
        """Leave the answer as it is, which is an error."""


_opener = urllib.request.build_opener(_NoRedirect)


def _post(config: Config, asked: dict[str, Any]) -> ExploreResult:
    status, body = _read(config, "/exec", json.dumps(asked).encode(), GRACE_S + config.timeout_s)
    answer = _parsed(body)
    is_result = isinstance(answer, dict) and isinstance(answer.get("exitCode"), int)
    # A sidecar that could not run the command may say so in the shape of a result.
    if status == 200 or (status == 500 and is_result):
        if not is_result:
            raise PluginError("The sidecar answered with something that is no result.")
        out, err = str(answer.get("stdout", "")), str(answer.get("stderr", ""))
        return ExploreResult(out, err, answer["exitCode"])
    raise PluginError(f"The sidecar answered with status {status}.")


def _probe(config: Config) -> None:
    try:
        status, _body = _read(config, "/health", None, HEALTH_S)
    except TimeoutError:
        raise PluginError(f"The sidecar did not answer within {HEALTH_S:g} s.") from None
    if status != 200:
        raise PluginError(f"The sidecar answered with status {status}.")


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _read(config: Config, path: str, body: bytes | None, timeout_s: float) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json"}
    if config.token is not None:
        headers["Authorization"] = f"Bearer {config.token.get_secret_value()}"
    url = str(config.url).rstrip("/") + path
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - the model admits http only
    try:
        with _opener.open(request, timeout=timeout_s) as answer:
            return answer.status, bytes(answer.read(MAX_ANSWER))
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(MAX_ANSWER)
    except TimeoutError:
        raise
    except OSError as error:
        if isinstance(getattr(error, "reason", None), TimeoutError):
            raise TimeoutError from None
        raise PluginError("The sidecar cannot be reached. Check ATLAS_SANDBOX_URL.") from None


sidecar = create_plugin(config_model=Config, create=build)
