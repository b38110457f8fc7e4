"""Writes new plugins: stand-alone packages, and folders inside a project."""

from plugins_app.sdk.scaffold.writing import ScaffoldError, write_local, write_standalone

__all__ = ["ScaffoldError", "write_local", "write_standalone"]
