"""The options of the MySQL plugin, and what the driver is told from its address."""

import ssl
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import Field, SecretStr, field_validator

from plugins_app.sdk import PluginConfig, PluginError

SCHEMES = ("mysql", "mysql2", "mariadb")
DEFAULT_PORT = 3306
CONNECT_TIMEOUT_S = 5
DIALECTS = {
    "mysql": (
        "This datasource is MySQL. Use DATE_FORMAT() for date truncation, backticks around names"
        " and single quotes around texts."
    ),
    "mariadb": (
        "This datasource is MariaDB. Use DATE_FORMAT() for date truncation, backticks around names"
        " and single quotes around texts."
    ),
}
Tls = Literal["off", "preferred", "required", "verified"]


class Config(PluginConfig):
    """Where the database is, how it is reached, and what one query may cost.

    `tls` "verified" checks the server's certificate and name, by `tls_ca` or the system's own
    authorities; "required" encrypts without checking, "preferred" where the server can.
    """

    url: SecretStr
    pool_size: int = Field(default=10, ge=1, le=500)
    idle_timeout_ms: int = Field(default=30_000, ge=1)
    timeout_ms: int = Field(default=30_000, ge=1)
    lock_timeout_ms: int = Field(default=2_000, ge=1)
    tls: Tls = "preferred"
    tls_ca: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    dialect: str = ""

    @field_validator("url")
    @classmethod
    def is_mysql(cls, url: SecretStr) -> SecretStr:
        """Refuse every other kind of address, and one that cannot be read."""
        try:
            parts = urlsplit(url.get_secret_value())
            _port = parts.port
        except ValueError:
            raise ValueError("is no address; escape special characters of the password") from None
        if parts.scheme not in SCHEMES:
            raise ValueError("must start with mysql://, mysql2:// or mariadb://")
        if not parts.path.strip("/"):
            raise ValueError("must name a database, as in mysql://login:password@host/database")
        return url

    @property
    def engine(self) -> str:
        """ "mysql" or "mariadb", as the address says."""
        return "mariadb" if self.url.get_secret_value().startswith("mariadb:") else "mysql"

    @property
    def database(self) -> str:
        """The database that names without one are looked up in."""
        return unquote(urlsplit(self.url.get_secret_value()).path.strip("/"))

    def arguments(self) -> dict[str, Any]:
        """What the driver's `connect` is told; raises PluginError for unreadable certificates."""
        parts = urlsplit(self.url.get_secret_value())
        wanted = parse_qs(parts.query)
        address: dict[str, Any] = {"host": parts.hostname or "localhost"}
        address["port"] = parts.port or DEFAULT_PORT
        if "unix_socket" in wanted:
            address = {"unix_socket": wanted["unix_socket"][0]}
        return {
            **address,
            **_Encryption(self.tls, self.tls_ca, self.tls_cert, self.tls_key).arguments(),
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "database": self.database,
            "charset": "utf8mb4",
            "connect_timeout": CONNECT_TIMEOUT_S,
            "program_name": "atlas",
            "autocommit": True,
            "local_infile": False,
        }


@dataclass(frozen=True)
class _Encryption:
    mode: Tls
    ca: str
    cert: str
    key: str

    def arguments(self) -> dict[str, Any]:
        if self.mode == "off":
            return {"ssl_disabled": True}
        if self.mode == "preferred" and not (self.ca or self.cert):
            return {}
        try:
            return {"ssl": self._context()}
        except (OSError, ssl.SSLError):
            raise PluginError(
                "The certificates cannot be read. Check tls_ca, tls_cert and tls_key."
            ) from None

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca or None)
        if self.mode != "verified":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_REQUIRED if self.ca else ssl.CERT_NONE
        if self.cert:
            context.load_cert_chain(self.cert, self.key or None)
        return context
