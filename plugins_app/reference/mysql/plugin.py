"""The MySQL plugin: what it refuses, and the datasource made from its options."""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from plugins_app.reference.mysql import account, tables
from plugins_app.reference.mysql.config import CONNECT_TIMEOUT_S, DIALECTS, Config
from plugins_app.reference.mysql.connection import MysqlConnection
from plugins_app.reference.mysql.session import Session
from plugins_app.sdk import (
    AccountReport,
    Datasource,
    HealthResult,
    Plugin,
    TableDescription,
    create_plugin,
    measured,
)

# The guard refuses all of these by its lists; this is a wall of its own beside them.
FORBIDDEN = (
    re.compile(
        r"^\s*(HANDLER|SHOW|DESCRIBE|DESC|EXPLAIN|USE|SET|CALL|DO|LOAD|LOCK|UNLOCK|KILL|FLUSH|RESET"
        r"|PREPARE|EXECUTE|DEALLOCATE|INSTALL|UNINSTALL|PURGE|BINLOG|XA)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\bINTO\s+(OUTFILE|DUMPFILE)\b", re.IGNORECASE),
    re.compile(r"\b(LOAD_FILE|SLEEP|BENCHMARK|GET_LOCK|RELEASE_LOCK)\s*\(", re.IGNORECASE),
)
T = TypeVar("T")


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""

    async def create() -> MysqlConnection:
        return MysqlConnection(config)

    async def health_check() -> HealthResult:
        return await measured(lambda: _in_session(config, _probe), timeout_s=CONNECT_TIMEOUT_S)

    def _probe(session: Session) -> HealthResult:
        session.rows("SELECT 1")
        return HealthResult(True, account.wrong_engine(session, config.engine))

    async def inspect_account(listed: Sequence[str]) -> AccountReport:
        def inspect(session: Session) -> AccountReport:
            return account.inspect(
                session, listed, expected=config.engine, database=config.database
            )

        return await asyncio.to_thread(_in_session, config, inspect)

    async def inspect_tables() -> list[TableDescription]:
        def describe(session: Session) -> list[TableDescription]:
            return tables.describe(session, config.database)

        return await asyncio.to_thread(_in_session, config, describe)

    return Plugin(
        id="mysql-datasource",
        types=("datasource",),
        version="1.0.0",
        name="MariaDB" if config.engine == "mariadb" else "MySQL",
        config=config,
        datasource=Datasource(
            create=create,
            db_type=config.engine,
            parser_dialect=config.engine,
            dialect=config.dialect or DIALECTS[config.engine],
            forbidden_patterns=FORBIDDEN,
            inspect_account=inspect_account,
            inspect_tables=inspect_tables,
        ),
        health_check=health_check,
    )


def _in_session(config: Config, work: Callable[[Session], T]) -> T:
    """Do something in a session of its own."""
    session = Session(config)
    try:
        return work(session)
    finally:
        session.close()


mysql = create_plugin(config_model=Config, create=build, label="mysql-datasource")
