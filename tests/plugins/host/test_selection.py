"""Which sandbox runs explore commands: by number, or the pinned one and no other."""

import http.server
import json
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from atlas.management import doctor
from plugins_app.builtin import sidecar as sidecars
from plugins_app.builtin.sidecar import sidecar
from plugins_app.builtin.virtual_shell import virtual_shell
from plugins_app.host import lifecycle, loading
from plugins_app.host.errors import PluginFailed, StartBlocked
from plugins_app.host.facets import backends
from plugins_app.host.status import PluginStatus
from plugins_app.sdk import (
    ExploreResult,
    HealthResult,
    Plugin,
    PluginConfigError,
    PluginError,
    Sandbox,
    Security,
)
from plugins_app.sdk.testing import FakeBackend, assert_plugin_contract


class Variables:
    def __init__(self, **values):
        self.sandbox = values.get("sandbox", "")
        self.sandbox_url = values.get("sandbox_url")
        self.sandbox_token = values.get("sandbox_token")


@pytest.fixture
def variables(monkeypatch):
    def use(**values):
        for module in (backends, loading):
            monkeypatch.setattr(module, "environment", lambda: Variables(**values))

    use()
    return use


def plugin(plugin_id, priority):
    box = Sandbox(
        create=lambda root: FakeBackend(),
        priority=priority,
        security=Security(description=f"box {plugin_id}"),
    )
    return Plugin(
        id=plugin_id,
        types=("sandbox",),
        version="1",
        sandbox=box,
        health_check=lambda: HealthResult(True, latency_ms=1.0),
    )


def ids():
    return [backend.plugin_id for backend in backends.selection().backends]


async def test_plugins_and_built_in_backends_stand_on_one_scale(registered, variables):
    registered(
        virtual_shell(),
        plugin("own", 60),
        sidecar(url="http://localhost:1"),
        plugin("strong", 75),
        plugin("same", 60),
    )
    assert ids() == ["strong", "own", "same", "sidecar", "virtual-shell"]
    assert backends.selection().reason == (
        "Of the healthy sandboxes “strong” has the highest priority, 75."
    )


async def test_an_unhealthy_backend_is_passed_over(registered, variables):
    entries = registered(plugin("strong", 75), plugin("own", 60))
    entries[0].move(PluginStatus.UNHEALTHY, "away")
    assert ids() == ["own"]
    entries[1].enabled = False
    assert backends.selection() == backends.Selection((), "No sandbox is healthy.")


async def test_a_pinned_backend_is_the_only_one(registered, variables):
    registered(plugin("strong", 75), plugin("own", 60))
    variables(sandbox="own")
    assert ids() == ["own"]
    assert backends.selection().reason == "ATLAS_SANDBOX asks for “own”."


async def test_a_pinned_backend_that_fails_never_falls_through(registered, variables):
    entries = registered(plugin("strong", 75), plugin("weak", 0))
    variables(sandbox="strong")
    entries[0].move(PluginStatus.UNHEALTHY, "away")
    assert ids() == ["strong"]
    assert backends.selection().reason == (
        "ATLAS_SANDBOX asks for “strong”, which is not healthy, and nothing else is used."
    )
    assert str(doctor._sandbox_finding()).startswith(
        "FAIL  Sandbox: ATLAS_SANDBOX asks for “strong”"
    )
    entries[0].enabled = False
    assert ids() == []
    assert "which is not there, so nothing is run" in backends.selection().reason


async def test_backends_are_closed_at_the_end(registered, variables, tmp_path):
    made = FakeBackend()
    box = Sandbox(create=lambda root: made)
    (entry,) = registered(Plugin(id="box", types=("sandbox",), version="1", sandbox=box))
    (backend,) = backends.by_priority()
    await backend.exec("ls", root=tmp_path)
    assert not made.closed
    await backends.close(entry)
    assert made.closed


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
async def test_the_doctor_names_backend_reason_and_isolation(variables):
    await lifecycle.start([plugin("own", 60)])
    try:
        finding = doctor._sandbox_finding()
        assert str(finding) == (
            "PASS  Sandbox: own: Of the healthy sandboxes “own” has the highest priority, 60."
            " box own"
        )
        variables(sandbox="gone")
        assert str(doctor._sandbox_finding()).startswith("FAIL  Sandbox: ATLAS_SANDBOX asks for")
    finally:
        await lifecycle.stop()


class Container(http.server.BaseHTTPRequestHandler):
    """A sidecar that answers as the protocol says."""

    asked = None
    heard = None

    def do_GET(self):
        Container.heard = self.headers["Authorization"]
        self._answer(200, {"status": "ok"})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Container.asked = asked
        command = asked["command"]
        told = {"stdout": command, "stderr": "e", "exitCode": 3}
        if self.headers["Authorization"] != "Bearer s3cret":
            self._answer(401, {})
        elif command == "busy":
            self._answer(429, {"error": "Too many"})
        elif command == "broken":
            self._answer(500, {"error": "x", "stdout": "", "stderr": "no bash", "exitCode": 1})
        elif command == "elsewhere":
            self._answer(302, told, Location=f"http://{self.headers['Host']}/health")
        elif command == "full":
            self._answer(
                200, {"stdout": "\1" * 1_000_000, "stderr": "\2" * 1_000_000, "exitCode": 0}
            )
        elif command == "slow":
            held.wait(30)
        else:
            self._answer(200, {"odd": [1], "odder": "text"}.get(command, told))

    def _answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *args):
        return None


held = threading.Event()


@pytest.fixture
def container():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Container)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def test_a_sidecar_is_reached_by_the_url_of_the_environment(
    registered, variables, container, tmp_path
):
    variables(sandbox_url=container, sandbox_token=SecretStr("s3cret"))
    (made,) = loading._sidecar(set())
    assert loading._sidecar({"sidecar"}) == []
    registered(made)
    (backend,) = backends.selection().backends
    result = await backend.exec("ls -l", root=tmp_path)
    assert (result.stdout, result.stderr, result.exit_code) == ("ls -l", "e", 3)
    assert Container.asked == {"command": "ls -l", "timeout": 8000}
    for command in ("odd", "odder"):
        with pytest.raises(PluginFailed, match="something that is no result"):
            await backend.exec(command, root=tmp_path)
    await assert_plugin_contract(made)


async def test_every_answer_of_the_protocol_is_understood(container, tmp_path):
    backend = sidecar(url=container, token="s3cret").sandbox.create(tmp_path)
    assert await backend.exec("broken") == ExploreResult("", "no bash", 1)
    full = await backend.exec("full")
    assert (len(full.stdout), len(full.stderr)) == (1_000_000, 1_000_000)
    with pytest.raises(PluginError, match="status 429"):
        await backend.exec("busy")


async def test_a_sidecar_that_does_not_come_back_is_exit_code_124(container, tmp_path, monkeypatch):
    monkeypatch.setattr(sidecars, "GRACE_S", -0.8)
    backend = sidecar(url=container, token="s3cret", timeout_s=1).sandbox.create(tmp_path)
    try:
        result = await backend.exec("slow")
    finally:
        held.set()
    assert result == ExploreResult("", "The sidecar did not answer within 0.2 s.", 124)


async def test_the_token_goes_to_no_other_address(container, tmp_path):
    backend = sidecar(url=container, token="s3cret").sandbox.create(tmp_path)
    Container.heard = None
    with pytest.raises(PluginError, match="status 302"):
        await backend.exec("elsewhere")
    assert Container.heard is None


async def test_a_sidecar_that_refuses_or_is_away_is_an_error(registered, variables, container):
    registered(sidecar(url=container, token="wrong"))
    (backend,) = backends.selection().backends
    with pytest.raises(PluginFailed, match="status 401"):
        await backend.exec("ls", root=Path())
    away = sidecar(url="http://127.0.0.1:9", timeout_s=1)
    result = await away.health_check()
    assert (result.healthy, "cannot be reached" in result.message) == (False, True)


@pytest.mark.parametrize("url", ["localhost:8080", "file:///etc/passwd", ""])
def test_only_web_addresses_are_accepted(variables, url):
    with pytest.raises(PluginConfigError, match="url"):
        sidecar(url=url)
    if url:
        variables(sandbox_url=url)
        with pytest.raises(StartBlocked, match="ATLAS_SANDBOX_URL"):
            loading._sidecar(set())


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_doctor_runs_the_health_checks_of_plugins(tmp_path, monkeypatch):
    config = tmp_path / "config.py"
    config.write_text(
        "from tests.plugins.host.test_selection import plugin, HealthResult\n"
        "import dataclasses\n"
        "sick = dataclasses.replace(plugin('sick', 1), "
        "health_check=lambda: HealthResult(False, 'no route'))\n"
        "plugins = [plugin('well', 60), sick]\n"
    )
    monkeypatch.setattr(
        doctor, "environment", lambda: type("E", (), {"config": str(config), "safe_mode": False})
    )
    found = [str(finding) for finding in doctor.plugins_section()]
    assert "PASS  well: healthy in 1 ms" in found[0]
    assert "FAIL  sick: unhealthy" in found[1]
    assert "no route" in found[1]
