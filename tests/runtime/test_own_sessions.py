"""Promises of sessions outside the pool: whatever DATABASE_URL says, they open."""

import pytest
from django.db import connections

from atlas.common.postgres import connect
from atlas.runtime.databases import APP_LIMITS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "atlas"),
        ({"application_name": "ours", "connect_timeout": "3", "sslmode": "prefer"}, "ours"),
        ({"options": f"{APP_LIMITS} -c search_path=public"}, "atlas"),
    ],
)
@pytest.mark.parametrize("durable", [True, False])
async def test_a_url_with_options_opens_a_session(
    options: dict[str, str], name: str, durable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = connections["default"].settings_dict
    monkeypatch.setitem(settings, "OPTIONS", {**settings["OPTIONS"], **options})

    async with await connect(synchronous_commit=durable) as session:
        found = await session.execute(
            "SELECT current_setting('application_name'), current_setting('synchronous_commit'),"
            " current_setting('statement_timeout')"
        )
        assert await found.fetchone() == (name, "on" if durable else "off", "5s")
        assert session.autocommit


@pytest.mark.parametrize(("options", "idle"), [({}, "30"), ({"keepalives_idle": "5"}, "5")])
async def test_a_session_notices_a_server_that_vanished(
    options: dict[str, str], idle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = connections["default"].settings_dict
    monkeypatch.setitem(settings, "OPTIONS", {**settings["OPTIONS"], **options})

    async with await connect() as session:
        said = session.info.get_parameters()

    assert (said["keepalives"], said["keepalives_idle"], said["tcp_user_timeout"]) == (
        "1",
        idle,
        "60000",
    )
