"""Where the demo lives: its database in the local PostgreSQL or at ATLAS_DEMO_URL, its folders."""

import atexit
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from atlas.common.errors import AtlasError
from atlas.demo import logins
from atlas.demo.facts import DEFAULT_SEED
from atlas.demo.load import Loaded, load, loaded
from atlas.env import Environment
from atlas.runtime.databases import local_postgres
from atlas.runtime.local_postgres import SUPERUSER
from atlas.runtime.locks import exclusive

SEMANTIC_DIR = Path(__file__).parent / "semantic"
GLOSSARY_FILE = Path(__file__).parent / "glossary.yml"
LOAD_TIMEOUT_S = 900.0


@dataclass(frozen=True)
class Wish:
    """What the person asked for; None means whatever is there, or the default."""

    as_of: dt.date | None = None
    seed: int | None = None
    scale: float | None = None

    def is_met_by(self, there: Loaded) -> bool:
        """Whether data like this is what was asked for."""
        pairs = ((self.as_of, there.as_of), (self.seed, there.seed), (self.scale, there.scale))
        return all(wanted is None or wanted == found for wanted, found in pairs)


def is_on(env: Environment) -> bool:
    """Whether this installation shows the demo: ATLAS_DEMO, or `manage.py demo` was run here."""
    return env.demo or _mark(env).exists()


def switch_on(env: Environment, there: Loaded) -> None:
    """Remember in the data folder that this installation shows the demo."""
    facts = {"as_of": there.as_of.isoformat(), "seed": there.seed, "scale": there.scale}
    _mark(env).write_text(json.dumps(facts) + "\n")


def outbox_dir(env: Environment) -> Path:
    """Where the capture server keeps messages."""
    return env.data_dir / "outbox"


def owner_url(env: Environment) -> str:
    """The login that makes the demo tables; never one of Atlas's own."""
    if env.demo_url is not None:
        return env.demo_url.get_secret_value()
    return local_postgres(env).url(logins.OWNER, logins.DATABASE)


def reader_url(env: Environment) -> str:
    """The read-only login that questions are answered with; connects to nothing."""
    local = local_postgres(env)
    if env.demo_url is None:
        return local.url(logins.READER, logins.DATABASE)
    parts = conninfo_to_dict(env.demo_url.get_secret_value())
    parts |= {"user": logins.READER, "password": local.password(logins.READER)}
    return "postgresql:///?" + urlencode(
        {key: str(value) for key, value in parts.items()}, quote_via=quote
    )


def prepare(env: Environment, wish: Wish) -> tuple[Loaded, bool]:
    """Make database, logins and data where missing; says what is there and whether it is new.

    Data that is there stays, unless the wish names something else. Several processes do it one
    after another.
    """
    with exclusive(env.data_dir / "demo.lock", timeout_s=LOAD_TIMEOUT_S):
        _prepare_logins(env)
        url = owner_url(env)
        there = loaded(url)
        if there is not None and wish.is_met_by(there):
            return there, False
        scale = 1.0 if wish.scale is None else wish.scale
        seed = DEFAULT_SEED if wish.seed is None else wish.seed
        return load(url, as_of=wish.as_of, seed=seed, scale=scale), True


def _prepare_logins(env: Environment) -> None:
    local = local_postgres(env)
    reader_password = local.password(logins.READER)
    if env.demo_url is None:
        local.start()
        atexit.register(local.release)
        logins.prepare(
            local.url(SUPERUSER, "postgres"),
            owner_password=local.password(logins.OWNER),
            reader_password=reader_password,
        )
        return
    url = env.demo_url.get_secret_value()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            logins.prepare_reader(connection, reader_password)
            logins.let_connect(connection, str(connection.info.dbname))
    except psycopg.errors.InsufficientPrivilege as error:
        user = conninfo_to_dict(url).get("user", "")
        raise AtlasError(
            f"The login {user} of ATLAS_DEMO_URL may not make the read-only login "
            f"{logins.READER}. Give it CREATEROLE, or leave ATLAS_DEMO_URL unset.",
            code="demo_login",
        ) from error
    except psycopg.OperationalError as error:
        raise AtlasError(
            "The database of ATLAS_DEMO_URL does not answer. Start it, or leave ATLAS_DEMO_URL "
            "unset to use the local PostgreSQL.",
            code="demo_database",
        ) from error


def _mark(env: Environment) -> Path:
    return env.data_dir / "demo.json"
