"""The commands over the semantic layer and datasources, against the demo's real database."""

import asyncio
from collections.abc import Awaitable, Callable
from io import StringIO
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from django.core.management import CommandError, call_command

from atlas.demo import place
from atlas.env import read
from atlas.management import doctor
from atlas.management.commands import datasource, semantic
from atlas.runtime.diagnosis import Level, findings_of
from atlas.semantic.loader import load_layer
from plugins_app.builtin.postgres import postgres
from plugins_app.host.facets import connections
from plugins_app.host.facets.connections import DatasourceInfo
from plugins_app.sdk import AccountReport, PluginError
from tests.demo.conftest import Shop

INFO = DatasourceInfo("demo", "postgres", "postgres", "sql", "", True)


@pytest.fixture
def report() -> AccountReport:
    return AccountReport(user="northwind_reader", server_version="18.6")


@pytest.fixture
def _running(shop: Shop, report: AccountReport, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo datasource as the plugin host would offer it."""

    def asker(name: str) -> Callable[[str], Awaitable[Any]]:
        async def ask(sql: str) -> Any:
            try:
                with shop.as_reader() as connection:
                    return connection.execute(sql.encode()).fetchall()
            except psycopg.Error as error:
                raise PluginError(str(error.diag.message_primary)) from error

        return ask

    async def inspect_account(name: str, listed: list[str]) -> AccountReport:
        assert "public.orders" in listed
        return report

    async def inspect_tables(name: str) -> Any:
        facet = postgres(url=shop.reader_url).datasource
        assert facet is not None
        assert facet.inspect_tables is not None
        return await cast(Awaitable[Any], facet.inspect_tables())

    for module in (semantic, datasource):
        monkeypatch.setattr(module, "with_plugins", lambda work: asyncio.run(work()))
        monkeypatch.setattr(module, "asker", asker)
    monkeypatch.setattr(connections, "list_datasources", lambda: [INFO])
    monkeypatch.setattr(connections, "inspect_account", inspect_account)
    monkeypatch.setattr(connections, "inspect_tables", inspect_tables)


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets the environment of the commands."""

    def set_environment(**variables: str) -> None:
        env = read({"ATLAS_DATA_DIR": str(tmp_path / "data")} | variables)
        for module in (semantic, datasource):
            monkeypatch.setattr(module, "environment", lambda: env)

    return set_environment


def run(*arguments: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    output = StringIO()
    try:
        call_command(*arguments, stdout=output, no_color=True)
    except SystemExit as error:
        return int(str(error.code)), output.getvalue()
    return 0, output.getvalue()


@pytest.mark.usefixtures("_running")
def test_the_demo_layer_passes_its_check(use: Callable[..., None]) -> None:
    use(ATLAS_DEMO="1")

    code, text = run("semantic", "check")

    assert (code, text) == (0, f"{place.SEMANTIC_DIR}: 11 entities, 0 errors, 0 warnings.\n")


@pytest.mark.usefixtures("_running")
def test_a_draft_loads_and_has_no_errors(use: Callable[..., None], tmp_path: Path) -> None:
    folder = tmp_path / "drafted"
    use(ATLAS_SEMANTIC_DIR=str(folder))

    written, _ = run("semantic", "draft", "demo", "--to", str(folder))
    code, text = run("semantic", "check", "demo")

    assert (written, code) == (0, 0)
    assert f"{folder}: 11 entities, 0 errors, " in text
    orders = load_layer(folder).entity("orders")
    assert orders is not None
    assert {join.to for join in orders.joins} == {"customers", "employees", "shippers"}


@pytest.mark.usefixtures("_running")
def test_a_draft_overwrites_nothing(use: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("precious")

    with pytest.raises(CommandError, match="is not empty"):
        run("semantic", "draft", "demo", "--to", str(tmp_path))


@pytest.mark.usefixtures("_running")
@pytest.mark.parametrize(
    "command", ["datasource check nope", "semantic draft nope --to /nowhere/x"]
)
def test_an_unknown_datasource_is_told_with_the_known_ones(
    use: Callable[..., None], command: str
) -> None:
    use()

    with pytest.raises(CommandError, match=r"no usable datasource 'nope'\. Known: demo\."):
        run(*command.split())


@pytest.mark.usefixtures("_running")
def test_a_layer_that_does_not_fit_names_file_and_line(
    use: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "entities").mkdir()
    (tmp_path / "source.yml").write_text("datasource: demo\n")
    (tmp_path / "entities" / "orders.yml").write_text(
        "name: orders\ntable: orders\nschema_name: public\nprimary_key: ship_via\ndimensions:\n"
        "  - {name: a, sql: missing}\n"
        "  - {name: b, sql: ship_country, value_synonyms: {Atlantis: [sunken]}}\n"
    )
    use(ATLAS_SEMANTIC_DIR=str(tmp_path))

    code, text = run("semantic", "check")

    assert code == 1
    assert text.splitlines() == [
        f"error: {tmp_path}/entities/orders.yml:4: the primary key of orders (ship_via) is not"
        " unique",
        f"error: {tmp_path}/entities/orders.yml:6: the dimension orders.a does not run:"
        ' column "missing" does not exist',
        f"error: {tmp_path}/entities/orders.yml:7: not in the data of orders.b: 'Atlantis'",
        f"{tmp_path}: 1 entities, 3 errors, 0 warnings.",
    ]


def test_broken_files_are_listed_without_any_plugin(
    use: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "source.yml").write_text("datasorce: demo\n")
    use(ATLAS_SEMANTIC_DIR=str(tmp_path))

    assert run("semantic", "check") == (
        1,
        "source.yml:1: unknown key 'datasorce'; did you mean 'datasource'?\n",
    )


def test_without_a_layer_the_check_says_what_to_do(use: Callable[..., None]) -> None:
    use()

    with pytest.raises(CommandError, match="Set ATLAS_SEMANTIC_DIR"):
        run("semantic", "check")


@pytest.mark.usefixtures("_running")
def test_a_login_that_may_only_read_is_fine(use: Callable[..., None]) -> None:
    use(ATLAS_DEMO="1")

    assert run("datasource", "check", "demo") == (
        0,
        "Connected to demo (postgres).\n"
        "Server version 18.6, login northwind_reader.\n"
        "The login may read what is listed, no more.\n",
    )


@pytest.mark.usefixtures("_running")
@pytest.mark.parametrize(
    ("report", "code", "line"),
    [
        (AccountReport("postgres", "18.6", superuser=True), 1, "The login is a superuser."),
        (AccountReport("ann", "18.6", writable=("a.b",)), 1, "The login may write to: a.b."),
        (AccountReport("ann", "18.6", unlisted=("a.b",)), 0,
         "The login may read tables that no entity lists: a.b."),
        (AccountReport("ann", "18.6", warnings=("It may replicate.",)), 0, "It may replicate."),
    ],
)  # fmt: skip
def test_rights_beyond_reading_are_told(use: Callable[..., None], code: int, line: str) -> None:
    use(ATLAS_DEMO="1")

    found, text = run("datasource", "check", "demo")

    assert found == code
    assert line in text


@pytest.mark.usefixtures("_running")
def test_a_login_is_not_blamed_for_a_layer_that_is_not_there_yet(
    use: Callable[..., None], report: AccountReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def inspect_account(name: str, listed: list[str]) -> AccountReport:
        assert listed == []
        return AccountReport("ann", "18.6", unlisted=("public.orders",))

    monkeypatch.setattr(connections, "inspect_account", inspect_account)
    use(ATLAS_SEMANTIC_DIR=str(tmp_path / "none"))

    assert run("datasource", "check", "demo") == (
        0,
        "Connected to demo (postgres).\nServer version 18.6, login ann.\n"
        "The login may read what is listed, no more.\n",
    )


@pytest.mark.usefixtures("_running")
def test_a_draft_goes_where_the_server_will_look_for_it(
    use: Callable[..., None], tmp_path: Path
) -> None:
    config = tmp_path / "config.py"
    config.write_text(f"semantic_dir = {str(tmp_path / 'mine')!r}\n")
    use(ATLAS_CONFIG=str(config))

    assert run("semantic", "draft", "demo") == (
        0,
        f"13 files in {tmp_path}/mine. Read them, then run manage.py semantic check.\n",
    )
    assert run("semantic", "check")[0] == 0


@pytest.mark.usefixtures("_running")
def test_a_layer_of_another_datasource_is_not_checked_for_this_one(
    use: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "source.yml").write_text("datasource: shop\n")
    use(ATLAS_SEMANTIC_DIR=str(tmp_path))

    with pytest.raises(CommandError, match=r"ATLAS_SEMANTIC_DIR\) describes 'shop', not 'demo'"):
        run("semantic", "check", "demo")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("files", "level", "detail"),
    [
        ({"source.yml": "datasource: demo\n"}, Level.PASS, "0 entities in {folder} ({named})"),
        ({}, Level.WARN, "{folder} ({named}) is not there"),
        ({"source.yml": "datasorce: demo\n"}, Level.FAIL, "semantic_layer"),
    ],
)
def test_the_doctor_says_where_the_layer_is_and_who_said_so(
    files: dict[str, str],
    level: Level,
    detail: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "mine"
    for name, text in files.items():
        folder.mkdir()
        (folder / name).write_text(text)
    config = tmp_path / "config.py"
    config.write_text(f"semantic_dir = {str(folder)!r}\n")
    env = read({"ATLAS_DATA_DIR": str(tmp_path), "ATLAS_CONFIG": str(config)})
    monkeypatch.setattr(doctor, "environment", lambda: env)

    found = list(findings_of("Semantic layer", doctor.semantic_section))

    named = f"semantic_dir in {config}"
    assert (found[0].level, found[0].detail) == (level, detail.format(folder=folder, named=named))
    assert level is not Level.FAIL or "source.yml:1: unknown key 'datasorce'" in found[0].cure
