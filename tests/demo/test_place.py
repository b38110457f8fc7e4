"""Where the demo lives, and that making it again keeps what is there."""

import datetime as dt
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from atlas.common.errors import AtlasError
from atlas.demo import logins, place
from atlas.demo.load import Loaded, loaded
from atlas.demo.place import Wish
from atlas.env import Environment, read
from tests.cluster import TestCluster

THERE = Loaded(dt.date(2026, 5, 7), 1996, 1.0, "")


@pytest.fixture
def elsewhere(own_place: str, tmp_path: Path) -> Environment:
    """An environment whose demo data lives in a database of its own."""
    return environment(tmp_path, own_place)


def environment(data_dir: Path, demo_url: str | None = None) -> Environment:
    variables = {"ATLAS_DATA_DIR": str(data_dir)}
    return read(variables | ({"ATLAS_DEMO_URL": demo_url} if demo_url else {}))


@pytest.mark.parametrize(
    ("wish", "is_met"),
    [
        (Wish(), True),
        (Wish(as_of=dt.date(2026, 5, 7), seed=1996, scale=1.0), True),
        (Wish(as_of=dt.date(2026, 5, 8)), False),
        (Wish(seed=0), False),
        (Wish(scale=50), False),
    ],
)
def test_only_a_different_wish_replaces_data(wish: Wish, is_met: bool) -> None:
    assert wish.is_met_by(THERE) is is_met


def test_the_demo_is_off_until_it_was_made(tmp_path: Path) -> None:
    env = environment(tmp_path)
    before = place.is_on(env)

    place.switch_on(env, THERE)

    assert (before, place.is_on(env)) == (False, True)
    assert place.is_on(read({"ATLAS_DEMO": "1", "ATLAS_DATA_DIR": str(tmp_path / "other")}))


def test_the_second_time_keeps_the_data(elsewhere: Environment) -> None:
    first, made = place.prepare(elsewhere, Wish(seed=5, scale=0.01))
    second, made_again = place.prepare(elsewhere, Wish())

    assert (made, made_again) == (True, False)
    assert first == second
    assert loaded(place.owner_url(elsewhere)) == first


def test_another_wish_makes_other_data(elsewhere: Environment) -> None:
    place.prepare(elsewhere, Wish(scale=0.01))

    second, made = place.prepare(elsewhere, Wish(scale=0.02))

    assert (second.scale, made) == (0.02, True)


def test_the_reader_of_another_place_reads(elsewhere: Environment) -> None:
    place.prepare(elsewhere, Wish(scale=0.01))

    url = place.reader_url(elsewhere)
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_user, count(*) FROM orders").fetchone()

    assert url.startswith("postgresql://")
    assert row == (logins.READER, 204)


def test_the_local_logins_are_never_those_of_atlas(tmp_path: Path) -> None:
    env = environment(tmp_path)

    owner, reader = (conninfo_to_dict(f(env)) for f in (place.owner_url, place.reader_url))

    assert (owner["user"], reader["user"]) == ("northwind_owner", "northwind_reader")
    assert owner["dbname"] == reader["dbname"] == "northwind"
    assert owner["password"] != reader["password"]


def test_a_login_without_createrole_is_told_so(
    elsewhere: Environment, cluster: TestCluster, tmp_path: Path
) -> None:
    database = conninfo_to_dict(place.owner_url(elsewhere))["dbname"]
    with cluster.superuser("postgres") as connection:
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                sql.Identifier(str(database)), sql.Identifier(logins.OWNER)
            )
        )
    env = environment(tmp_path, cluster.url(logins.OWNER, str(database)))

    with pytest.raises(AtlasError, match="CREATEROLE"):
        place.prepare(env, Wish())


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    env = environment(tmp_path, f"postgresql://a:secret@/x?host={tmp_path}")

    with pytest.raises(AtlasError, match="ATLAS_DEMO_URL does not answer") as caught:
        place.prepare(env, Wish())

    assert "secret" not in caught.value.user_message
