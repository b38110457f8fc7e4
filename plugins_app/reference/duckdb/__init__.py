"""A datasource plugin that reads a DuckDB file, opened for reading only."""

from plugins_app.reference.duckdb.plugin import Config, duckdb

__all__ = ["Config", "duckdb"]
