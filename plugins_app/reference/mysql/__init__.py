"""A datasource plugin that reads MySQL or MariaDB in read-only transactions."""

from plugins_app.reference.mysql.config import Config
from plugins_app.reference.mysql.plugin import mysql

__all__ = ["Config", "mysql"]
