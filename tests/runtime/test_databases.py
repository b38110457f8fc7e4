"""Promises of the database settings: right logins, limits and no connection."""

from pathlib import Path

import pytest

from atlas.common.errors import AtlasError
from atlas.env import Environment, read
from atlas.runtime.databases import APP_LIMITS, database_settings

APP_URL = "postgresql://runs:s%40crt@db.example.com:6432/atlas?sslmode=require"
OWNER_URL = "postgresql://owns:other@db.example.com/atlas"


def env(**variables: str) -> Environment:
    return read(variables)


def test_both_urls_are_read() -> None:
    found = database_settings(env(DATABASE_URL=APP_URL, DATABASE_OWNER_URL=OWNER_URL))

    app, owner = found["default"], found["owner"]
    assert (app["USER"], app["PASSWORD"], app["HOST"], app["PORT"], app["NAME"]) == (
        "runs",
        "s@crt",
        "db.example.com",
        "6432",
        "atlas",
    )
    assert (owner["USER"], owner["HOST"], owner["PORT"]) == ("owns", "db.example.com", "")
    assert app["OPTIONS"]["sslmode"] == "require"


def test_the_app_is_pooled_and_bounded_and_the_owner_is_not() -> None:
    found = database_settings(env(DATABASE_URL=APP_URL))

    assert found["default"]["OPTIONS"]["pool"]["max_size"] == 8
    assert "-c statement_timeout=5s -c lock_timeout=2s" in APP_LIMITS
    assert "-c idle_in_transaction_session_timeout=60s" in APP_LIMITS
    assert found["default"]["OPTIONS"]["options"] == APP_LIMITS
    assert "pool" not in found["owner"]["OPTIONS"]
    assert "options" not in found["owner"]["OPTIONS"]
    assert found["owner"]["TEST"]["MIRROR"] == "default"


def test_options_of_the_url_come_after_ours_and_win() -> None:
    url = f"{APP_URL}&options=-c%20statement_timeout%3D9s"

    options = database_settings(env(DATABASE_URL=url))["default"]["OPTIONS"]["options"]

    assert options == f"{APP_LIMITS} -c statement_timeout=9s"


def test_one_url_is_both_logins() -> None:
    found = database_settings(env(DATABASE_URL=APP_URL))

    assert found["owner"]["USER"] == found["default"]["USER"] == "runs"


def test_without_a_url_the_local_cluster_is_named_but_not_started(tmp_path: Path) -> None:
    found = database_settings(env(ATLAS_DATA_DIR=str(tmp_path / "data")))

    assert (found["default"]["USER"], found["owner"]["USER"]) == ("atlas_app", "atlas_owner")
    assert found["default"]["HOST"].startswith("/")
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize(
    "url", ["mysql://root:topsecret@h/x", "not a url", "postgresql://a:topsecret@h/x?no=1"]
)
def test_an_address_that_is_none_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(AtlasError, match="postgresql://login:password@host:5432/database") as no:
        database_settings(env(DATABASE_URL=url))

    assert "topsecret" not in no.value.user_message
