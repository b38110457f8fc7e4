"""The DuckDB plugin: its options, what it refuses, and the datasource made from them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator

from plugins_app.reference.duckdb import account
from plugins_app.reference.duckdb.connection import DuckdbConnection
from plugins_app.reference.duckdb.database import MEMORY, Database, Opening
from plugins_app.sdk import (
    AccountReport,
    Datasource,
    HealthResult,
    Plugin,
    PluginConfig,
    QueryLimits,
    TableDescription,
    create_plugin,
    measured,
)

SCHEME = "duckdb://"
PROBE_TIMEOUT_S = 5
PROBE_TIMEOUT_MS = 4_000
DIALECT = (
    "This datasource is DuckDB. Use date_trunc() for date truncation, and QUALIFY, FILTER and"
    " GROUP BY ALL where they make a query shorter."
)
# The guard refuses all of these by its lists; this is a wall of its own beside them.
FORBIDDEN = (
    re.compile(
        r"^\s*(PRAGMA|ATTACH|DETACH|INSTALL|LOAD|EXPORT|IMPORT|CHECKPOINT|FORCE|SET|RESET|USE|CALL"
        r"|COPY|SHOW|DESCRIBE|DESC|SUMMARIZE|EXPLAIN|VACUUM|ANALYZE)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(read_(csv|csv_auto|json\w*|ndjson\w*|parquet|text|blob|xlsx)|parquet_\w+|sniff_csv"
        r"|\w+_scan|glob)\s*\(",
        re.IGNORECASE,
    ),
)


class Config(PluginConfig):
    """Which file is read and what one query may cost; `url` wins over `path`."""

    url: str = ""
    path: str = ""
    read_only: bool | None = None
    timeout_ms: int = Field(default=30_000, ge=1)
    memory_limit: str = Field(default="1GB", pattern=r"^[1-9][0-9]*(KB|MB|GB)$")
    threads: int = Field(default=2, ge=1, le=256)
    time_zone: str = Field(default="UTC", pattern=r"^[A-Za-z0-9_+/-]+$")
    dialect: str = DIALECT

    @field_validator("url")
    @classmethod
    def is_duckdb(cls, url: str) -> str:
        """Refuse every other kind of address."""
        if url and not url.startswith(SCHEME):
            raise ValueError(f"must start with {SCHEME}")
        return url

    @model_validator(mode="after")
    def names_a_database(self) -> Self:
        """Refuse to guess which file is meant."""
        if not self.place:
            raise ValueError("needs url or path")
        if self.place == MEMORY and self.read_only:
            raise ValueError(f"{MEMORY} is empty, so it cannot be opened for reading only")
        return self

    @property
    def place(self) -> str:
        """The path of the file, or ":memory:"."""
        return self.url.removeprefix(SCHEME).partition("?")[0] or self.path


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""
    in_memory = config.place == MEMORY
    read_only = not in_memory if config.read_only is None else config.read_only
    database = Database(
        Opening(
            place=MEMORY if in_memory else str(Path(config.place).expanduser()),
            read_only=read_only,
            memory_limit=config.memory_limit,
            threads=config.threads,
            time_zone=config.time_zone,
        )
    )
    connection = DuckdbConnection(database, config.timeout_ms)

    async def health_check() -> HealthResult:
        return await measured(probe, timeout_s=PROBE_TIMEOUT_S)

    async def probe() -> None:
        await connection.query("SELECT 1", PROBE_TIMEOUT_MS, limits=QueryLimits(max_rows=1))

    async def inspect_account(listed: Sequence[str]) -> AccountReport:
        return await account.inspect(connection, listed, read_only=read_only)

    async def inspect_tables() -> list[TableDescription]:
        return await account.tables(connection)

    return Plugin(
        id="duckdb-datasource",
        types=("datasource",),
        version="1.0.0",
        name="DuckDB",
        config=config,
        datasource=Datasource(
            create=lambda: connection,
            db_type="duckdb",
            parser_dialect="duckdb",
            dialect=config.dialect,
            forbidden_patterns=FORBIDDEN,
            inspect_account=inspect_account,
            inspect_tables=inspect_tables,
        ),
        health_check=health_check,
        teardown=database.close,
    )


duckdb = create_plugin(config_model=Config, create=build, label="duckdb-datasource")
