"""The MySQL plugin by itself, on a real MariaDB: sessions that only read, and what a login may."""

import asyncio
import socket
import sys

import pytest

from atlas.env import read
from atlas.management import doctor
from plugins_app.reference.mysql import mysql
from plugins_app.reference.mysql import session as session_module
from plugins_app.reference.mysql.config import Config
from plugins_app.reference.mysql.connection import MysqlConnection
from plugins_app.reference.mysql.session import Session
from plugins_app.sdk import MissingDriverError, PluginConfigError, PluginError
from plugins_app.sdk.testing import assert_plugin_contract, outcome

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def server(mariadb_shop):
    """The shop, and a login that may do too much."""
    mariadb_shop.ask("CREATE USER writer@localhost")
    mariadb_shop.ask("GRANT ALL ON shop.* TO writer@localhost WITH GRANT OPTION")
    mariadb_shop.ask("GRANT FILE, PROCESS, BINLOG MONITOR ON *.* TO writer@localhost")
    mariadb_shop.ask("CREATE USER chief@localhost")
    mariadb_shop.ask("GRANT SUPER ON *.* TO chief@localhost")
    yield mariadb_shop
    mariadb_shop.ask("DROP USER writer@localhost, chief@localhost")


def plugin(server, user="", scheme="mariadb", **options):
    url = server.url(user, scheme) if user else server.url(scheme=scheme)
    return mysql(url=url, **options)


def asked(made, *texts):
    """The rows of each statement, or its error, in one connection."""

    async def run():
        connection = await made.datasource.create()
        found = []
        for text in texts:
            try:
                found.append((await connection.query(text, 5_000)).rows)
            except PluginError as error:
                found.append(error)
        await connection.close()
        return found

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("postgresql://x", "must start with mysql://, mysql2:// or mariadb://"),
        ("mysql://reader@h", "must name a database"),
        ("mysql://reader:pa/ss@h:1/x", "escape special characters of the password"),
    ],
)
def test_only_addresses_of_a_database_are_accepted(url, complaint):
    with pytest.raises(PluginConfigError, match=complaint) as told:
        mysql(url=url)
    assert "pa/ss" not in str(told.value)


def test_the_address_says_which_engine_the_guard_reads_for():
    found = {
        scheme: (made.datasource.db_type, made.datasource.parser_dialect, made.name)
        for scheme in ("mysql", "mysql2", "mariadb")
        if (made := mysql(url=f"{scheme}://reader@h/x"))
    }
    assert found == {
        "mysql": ("mysql", "mysql", "MySQL"),
        "mysql2": ("mysql", "mysql", "MySQL"),
        "mariadb": ("mariadb", "mariadb", "MariaDB"),
    }


async def test_it_keeps_the_contract_of_plugins(server):
    await assert_plugin_contract(plugin(server))
    await assert_plugin_contract(mysql(url="mysql://reader@127.0.0.1:1/x"))


SETTINGS = {
    "tx_read_only": 1,
    "max_statement_time": 5.0,
    "lock_wait_timeout": 2,
    "innodb_lock_wait_timeout": 2,
    "idle_transaction_timeout": 10,
    "sql_mode": "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
    "character_set_client": "utf8mb4",
    "group_concat_max_len": 1_048_576,
}


def test_each_query_has_the_limits_of_the_server_whatever_was_set_before(server):
    names = ", ".join(f"@@{name}" for name in SETTINGS)
    spoil = (
        "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', max_statement_time = 0,"
        " character_set_client = 'latin1', @left = 1"
    )
    _, found, left = asked(plugin(server), spoil, f"SELECT {names}", "SELECT @left")
    assert dict(zip(SETTINGS, found[0], strict=True)) == SETTINGS
    assert list(left) == [(None,)]


def test_a_mysql_server_is_given_its_own_names_of_the_limits():
    session = object.__new__(Session)
    session._config = Config(url="mysql://reader@h/x")
    session.version = "8.4.3"
    found = list(session._settings(1_500))
    assert "max_execution_time = 1500" in found
    assert not any("max_statement_time" in one or "idle_transaction" in one for one in found)
    assert found[0].startswith("sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,")


WRITES = [
    "INSERT INTO salaries VALUES (1)",
    "CREATE TABLE x (id int)",
    "DROP TABLE salaries",
    "TRUNCATE salaries",
    "CREATE TEMPORARY TABLE x (id int)",
    "SELECT 1; INSERT INTO salaries VALUES (1)",
    "COMMIT AND CHAIN",
    "INSERT INTO salaries VALUES (2)",
]


def test_not_even_a_login_that_may_write_writes(server):
    found = asked(plugin(server, "writer"), *WRITES)
    assert [text for text, one in zip(WRITES, found, strict=True) if not one] == [WRITES[6]]
    assert server.ask("SELECT count(*) FROM shop.salaries") == ((0,),)
    assert server.ask("SHOW TABLES FROM shop") == (("orders",), ("salaries",))


def test_the_report_of_a_reader_has_nothing_to_say(server):
    report = outcome(plugin(server).datasource.inspect_account(["shop.orders"]))
    assert report.user == "reader@localhost"
    assert (report.superuser, report.writable, report.unlisted) == (False, (), ())
    assert report.warnings == ()


def test_the_report_of_a_writer_names_what_it_may(server):
    report = outcome(plugin(server, "writer").datasource.inspect_account(["orders"]))
    assert report.writable == ("shop.*", "shop.orders", "shop.salaries")
    assert (report.superuser, report.unlisted) == (False, ("shop.salaries",))
    assert report.warnings == (
        "The login has FILE: it may read and write files on the server.",
        "The login has PROCESS: it may see the statements of others.",
        "The login may pass its rights on.",
        "The login has rights that reading does not need: BINLOG MONITOR.",
    )


def test_a_chief_is_named(server):
    server.ask("GRANT SELECT ON shop.orders TO chief@localhost")
    assert outcome(plugin(server, "chief").datasource.inspect_account([])).superuser


def test_the_wrong_name_of_the_engine_is_said(server):
    found = plugin(server, scheme="mysql")
    told = (
        "The server is MariaDB: begin the address with mariadb://, so that queries are checked as"
        " it reads them."
    )
    assert outcome(found.health_check()).message == told
    assert outcome(found.datasource.inspect_account(["shop.orders"])).warnings == (told,)


def test_values_come_as_the_engine_has_them(server):
    sql = (
        "SELECT CAST('-100:00:01' AS TIME), CAST(18446744073709551615 AS UNSIGNED), b'101',"
        " 1 / 3, CAST('0000-00-00' AS DATE), AVG(id) FROM orders WHERE id <= 2"
    )
    ((found,),) = asked(plugin(server), sql)
    assert [str(one) for one in found] == [
        "-100:00:01", "18446744073709551615", "b'\\x05'", "0.333333333333", "0000-00-00",
        "1.500000000000",
    ]  # fmt: skip


def test_a_session_that_the_server_ended_is_not_used_again(server):
    async def run():
        connection = await plugin(server).datasource.create()
        ((number,),) = (await connection.query("SELECT CONNECTION_ID()")).rows
        await asyncio.to_thread(server.ask, f"KILL {number}")
        ((other,),) = (await connection.query("SELECT CONNECTION_ID()")).rows
        await connection.close()
        return number, other

    number, other = asyncio.run(run())
    assert number != other


def test_a_server_that_says_nothing_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(session_module, "CONNECT_TIMEOUT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        made = mysql(url=f"mysql://reader@127.0.0.1:{deaf.getsockname()[1]}/x")

        async def run():
            connection = await made.datasource.create()
            with pytest.raises(PluginError) as told:
                await connection.query("SELECT 1", 100)
            return told.value.sqlstate

        assert asyncio.run(run()) == "57014"
        assert not outcome(made.health_check()).healthy


def test_a_server_that_falls_silent_holds_nobody_up(server, monkeypatch):
    monkeypatch.setattr(session_module, "DEAF_AFTER_S", 0)
    monkeypatch.setattr(MysqlConnection, "_kill", lambda *_: True)

    async def run():
        connection = await plugin(server).datasource.create()
        with pytest.raises(PluginError) as told:
            await connection.query("SELECT SLEEP(60)", 300)
        await connection.close()
        return told.value.sqlstate

    assert asyncio.run(run()) in ("57014", "08006")


def test_there_are_no_more_sessions_than_the_pool_may_have(server):
    async def run():
        connection = await plugin(server, pool_size=2).datasource.create()
        texts = ["SELECT CONNECTION_ID() FROM orders LIMIT 1"] * 8
        found = await asyncio.gather(*(connection.query(text) for text in texts))
        await connection.close()
        return {one.rows[0][0] for one in found}

    assert len(asyncio.run(run())) <= 2


def test_tables_are_described_with_their_keys(server):
    (orders,) = outcome(plugin(server).datasource.inspect_tables())
    assert (orders.schema, orders.name, orders.primary_key) == ("shop", "orders", ("id",))
    assert [(one.name, one.type) for one in orders.columns][:4] == [
        ("id", "int"), ("customer", "varchar"), ("total", "decimal"), ("placed", "date"),
    ]  # fmt: skip


def test_certificates_that_cannot_be_read_are_said(server):
    found = plugin(server, tls="verified", tls_ca="/nowhere")
    told = "The certificates cannot be read. Check tls_ca, tls_cert and tls_key."
    assert outcome(found.health_check()).message == told


def test_without_the_driver_the_command_that_installs_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(MissingDriverError, match=r'pip install "pymysql~=1\.2"$'):
        Session(Config(url="mysql://reader@h/x"))


def test_the_doctor_counts_no_pool_of_another_engine(tmp_path, monkeypatch):
    config = tmp_path / "config.py"
    config.write_text(
        "from plugins_app.reference.mysql import mysql\n"
        "plugins = [mysql(url='mysql://reader:canary@localhost/x', id='shop')]\n"
    )
    env = read({"ATLAS_CONFIG": str(config), "DATABASE_URL": "postgresql://atlas@localhost/atlas"})
    monkeypatch.setattr(doctor, "environment", lambda: env)
    assert doctor._sources_on_the_same_server() == {}
