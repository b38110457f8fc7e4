"""Credentials that an action needs and that are not set: said in log, doctor and admin."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pydantic import BaseModel, SecretStr

from atlas import boot
from atlas.common.db import in_db
from atlas.env import read
from atlas.management import doctor
from plugins_app.host import registry
from plugins_app.host.upkeep import mirror
from plugins_app.sdk import Action, HealthResult, Plugin, PluginConfig, create_plugin

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

PAGE = "/admin/plugins/pluginstate/plugin/desk/"


class Arguments(BaseModel):
    title: str = ""


class Config(PluginConfig):
    api_key: SecretStr = SecretStr("")


def build(config):
    act = Action(
        name="act",
        description="act",
        arguments=Arguments,
        execute=lambda _arguments, _ctx: None,
        action_type="desk:act",
        required_credentials=("ATLAS_TEST_GIVEN", "ATLAS_TEST_ABSENT", "api_key"),
    )
    return Plugin(
        id="desk",
        types=("action",),
        version="1.0.0",
        config=config,
        actions=(act,),
        health_check=lambda: HealthResult(True),
    )


desk = create_plugin(config_model=Config, create=build, label="desk")


@pytest.fixture
def variables(tmp_path, monkeypatch):
    """The environment of a process with this plugin; one of its two variables is set."""
    config = tmp_path / "config.py"
    config.write_text(f"from {__name__} import desk\nplugins = [desk()]\n")
    (tmp_path / "data").mkdir(mode=0o700)
    monkeypatch.setenv("ATLAS_TEST_GIVEN", "x")
    monkeypatch.setenv("ATLAS_TEST_ABSENT", " ")
    return {
        "ATLAS_CONFIG": str(config),
        "ATLAS_DATA_DIR": str(tmp_path / "data"),
        "ATLAS_SEMANTIC_DIR": str(tmp_path / "semantic"),
    }


async def test_the_log_names_them_and_the_start_goes_on(variables, monkeypatch, caplog):
    monkeypatch.setattr(boot, "environment", lambda: read(variables))

    running = await boot.start("web")

    assert boot.is_ready()
    for name in ("ATLAS_TEST_ABSENT", "api_key"):
        assert f"Plugin desk: the credential {name} is not set" in caplog.text
    assert "ATLAS_TEST_GIVEN" not in caplog.text
    await running.stop(0)


def test_the_doctor_names_them(variables, monkeypatch):
    monkeypatch.setattr(doctor, "environment", lambda: read(variables))

    found = "\n".join(str(finding) for finding in doctor.plugins_section())

    for name in ("ATLAS_TEST_ABSENT", "api_key"):
        assert f"WARN  desk: {name} is not set" in found
    assert "ATLAS_TEST_GIVEN" not in found


async def test_the_page_in_admin_names_them_until_they_are_set(start):
    await start(desk())
    registry.current().variables = frozenset({"ATLAS_TEST_GIVEN"})
    await mirror.write_all()
    admin = Client()

    def page(**data):
        client = admin.post if data else admin.get
        return client(PAGE, data, follow=True).content.decode()

    def signed_in():
        admin.force_login(get_user_model().objects.create(username="ada", role="admin"))
        return page()

    before = await in_db(signed_in)
    assert "ATLAS_TEST_ABSENT is not set" in before
    assert "api_key is not set" in before
    assert "ATLAS_TEST_GIVEN" not in before

    after = await in_db(page, do="configure", **{"option-api_key": "secret"})
    assert "ATLAS_TEST_ABSENT is not set" in after
    assert "api_key is not set" not in after
