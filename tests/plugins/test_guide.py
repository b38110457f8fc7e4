"""The guide's code works as it stands there: its own tests pass, and the host runs it."""

import importlib.util
import re
import sqlite3
import subprocess
import sys

import pytest

from atlas.accounts.principal import Principal
from atlas.datasources.query import QueryOutcome, Refused, run_query
from atlas.semantic.contributed import with_contributed
from atlas.semantic.entities import Dimension, Entity, Source
from atlas.semantic.layer import SemanticLayer
from plugins_app.host import registry
from plugins_app.host.errors import HookRejected
from plugins_app.host.facets import connections, hooks
from plugins_app.sdk import BeforeQuery, Datasource, Plugin
from plugins_app.sdk.testing import FakeConnection
from tests.plugins import guide

PAGES = ("authoring.md", "types.md", "cookbook.md")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("guide")
    guide.write(made, *PAGES)
    return made


def test_the_tests_of_the_guide_pass_with_the_sdk_alone(folder):
    files = guide.files_of(*PAGES)
    written = sum(len(re.findall(r"^(?:async )?def test_", code, re.M)) for code in files.values())
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider",
         "-c", "/dev/null", "--rootdir", folder, "-o", "asyncio_mode=auto", folder],
        cwd=folder,
        env={"PATH": "/usr/bin", "PYTHONPATH": f"{guide.ROOT}:{folder}"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    passed = re.search(r"(\d+) passed", done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(passed[1]) >= written > 20


def test_every_file_of_code_has_a_test(folder):
    names = set(guide.files_of(*PAGES))
    code = {name for name in names if name.endswith(".py") and not name.startswith("test_")}
    assert {f"test_{name}" for name in code} <= names


def test_the_code_of_the_guide_is_clean(folder):
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F,E9,B,UP",
         "--target-version", "py311", folder],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


@pytest.fixture
def read(folder, monkeypatch):
    """Call it for a module of the guide."""
    monkeypatch.syspath_prepend(str(folder))

    def module(name):
        spec = importlib.util.spec_from_file_location(f"guide_{name}", folder / f"{name}.py")
        made = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(made)
        return made

    return module


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
async def test_people_can_ask_the_datasource_of_the_guide(read, start, ann, tmp_path):
    library = read("library").library
    path = tmp_path / "books.db"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE books (title TEXT, pages INTEGER)")
        file.execute("INSERT INTO books VALUES ('Emma', 474)")
    file.close()
    await start(library(path=path))
    drafts = [(one.name, one.yaml) for one in await connections.entities("library")]
    layer, warnings = with_contributed(SemanticLayer(source=Source(datasource="library")), drafts)
    assert warnings == []

    def asked(sql):
        return run_query(Principal.of(ann), "library", sql, layer=layer)

    answer = await asked("SELECT title, pages FROM books")
    assert isinstance(answer, QueryOutcome)
    assert (answer.columns, answer.rows) == (["title", "pages"], [["Emma", 474]])
    for refused in ("DELETE FROM books", "SELECT * FROM sqlite_master"):
        assert isinstance(await asked(refused), Refused)


ORDERS = Entity(
    name="orders",
    table="orders",
    primary_key=("id",),
    dimensions=(
        Dimension(name="id", sql="id", type="id"),
        Dimension(name="tenant_id", sql="tenant_id", type="number"),
    ),
)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
async def test_what_the_tenant_filter_writes_passes_the_guard_and_is_sent(read, start, ann):
    asked = FakeConnection(("id",), ((7,),))
    shop = Plugin(
        id="shop",
        types=("datasource",),
        version="1",
        datasource=Datasource(create=lambda: asked, db_type="postgres"),
    )
    rows = read("tenant_filter").tenant_filter(table="orders", tenants={str(ann.pk): 3})
    await start(shop, rows)
    layer = SemanticLayer(source=Source(datasource="shop"), entities=(ORDERS,))
    answer = await run_query(Principal.of(ann), "shop", "SELECT id FROM orders", layer=layer)
    assert isinstance(answer, QueryOutcome), answer
    (sent,) = asked.queries
    assert "FROM orders WHERE orders.tenant_id = 3)" in " ".join(sent.split())


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
async def test_the_compliance_gate_keeps_its_own_tables(read, start, dropped):
    await start(read("compliance_gate").compliance_gate(protected=["salaries"]))
    db = registry.current().get("compliance-gate").context.db
    event = BeforeQuery("SELECT amount FROM salaries", user_id="7")
    with pytest.raises(HookRejected, match="need a clearance"):
        await hooks.before_query(event)
    await db.execute(
        f"INSERT INTO {db.table('clearances')} (user_id, reason, until)"
        " VALUES (%s, %s, now() + interval '1 day')",
        ["7", "audit 12"],
    )
    assert await hooks.before_query(event) == event.sql
    assert await db.query(f"SELECT user_id, reason FROM {db.table('uses')}") == [
        {"user_id": "7", "reason": "audit 12"}
    ]
