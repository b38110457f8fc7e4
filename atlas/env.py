"""Every environment variable that Atlas reads; nothing else looks at `os.environ`."""

import functools
import os
import zoneinfo
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

PROJECT_DIR = Path(__file__).resolve().parent.parent

# To look for plugins of pydantic is to read the metadata of every installed package at each start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # noqa: TID251  # before the first model


class Environment(BaseModel):
    """The process's configuration, read once and frozen.

    Each field's alias is the name of its variable. Empty variables count as not set.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, populate_by_name=True)

    database_url: SecretStr | None = Field(
        None, alias="DATABASE_URL", description="Postgres of Atlas itself; not set: local Postgres"
    )
    database_owner_url: SecretStr | None = Field(
        None, alias="DATABASE_OWNER_URL", description="The login that migrates and owns the tables"
    )
    data_dir: Path = Field(
        PROJECT_DIR / ".data",
        alias="ATLAS_DATA_DIR",
        description="Local Postgres and generated keys",
    )
    demo: bool = Field(
        False, alias="ATLAS_DEMO", description="Serve the demo datasource and outbox"
    )
    demo_url: SecretStr | None = Field(
        None, alias="ATLAS_DEMO_URL", description="Where demo data lives instead of local Postgres"
    )
    config: str = Field(
        "atlas.config", alias="ATLAS_CONFIG", description="Module or .py file with the plugins"
    )
    semantic_dir: Path | None = Field(
        None, alias="ATLAS_SEMANTIC_DIR", description="Folder of the semantic layer's YAML files"
    )
    model: str = Field(
        "builtin", alias="ATLAS_MODEL", description="builtin, provider:model, or scripted:FILE"
    )
    model_base_url: str | None = Field(
        None, alias="ATLAS_MODEL_BASE_URL", description="An OpenAI-compatible or Anthropic endpoint"
    )
    model_api_key: SecretStr | None = Field(
        None, alias="ATLAS_MODEL_API_KEY", description="The key of the model's provider"
    )
    builtin_pace_ms: float = Field(
        8.0,
        ge=0,
        alias="ATLAS_BUILTIN_PACE_MS",
        description="Milliseconds between two words of the built-in analyst",
    )
    safe_mode: bool = Field(False, alias="ATLAS_SAFE_MODE", description="Start without plugins")
    secret_key: SecretStr | None = Field(
        None,
        alias="ATLAS_SECRET_KEY",
        description="Signs sessions; not set: kept in the data folder",
    )
    sandbox: str = Field(
        "", alias="ATLAS_SANDBOX", description="The one sandbox for explore; not set: the best one"
    )
    sandbox_url: str | None = Field(
        None, alias="ATLAS_SANDBOX_URL", description="Address of a sidecar that runs explore"
    )
    sandbox_token: SecretStr | None = Field(
        None, alias="ATLAS_SANDBOX_TOKEN", description="What the sidecar asks for"
    )
    encryption_keys: SecretStr | None = Field(
        None,
        alias="ATLAS_ENCRYPTION_KEYS",
        description="Keys of stored secrets, by comma, the first encrypts; not set: data folder",
    )
    allowed_hosts: str = Field(
        "localhost,127.0.0.1,[::1]", alias="ATLAS_ALLOWED_HOSTS", description="Host names, by comma"
    )
    origins: str = Field(
        "", alias="ATLAS_ORIGINS", description="Origins such as https://atlas.example.com, by comma"
    )
    url: str = Field(
        "",
        alias="ATLAS_URL",
        description="Where people reach Atlas, for links in notices; not set: the first origin",
    )
    mail_url: SecretStr | None = Field(
        None,
        alias="ATLAS_MAIL_URL",
        description="Mail server of notices, as smtp+starttls://user:password@host; not set: off",
    )
    mail_from: str = Field("", alias="ATLAS_MAIL_FROM", description="The sender of notices")
    https: bool = Field(False, alias="ATLAS_HTTPS", description="Served over https: secure cookies")
    proxy_header: str | None = Field(
        None, alias="ATLAS_PROXY_HEADER", description="Header that says https, as X-Forwarded-Proto"
    )
    time_zone: str = Field("UTC", alias="ATLAS_TIME_ZONE", description="Time zone of the pages")

    @field_validator("time_zone")
    @classmethod
    def is_known(cls, name: str) -> str:
        """Refuse a time zone that this machine does not know."""
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is no time zone; write one such as Europe/Berlin") from None
        return name


@functools.cache
def environment() -> Environment:
    """Return the process's environment; raises pydantic's error when a value is not usable."""
    return read(os.environ)  # noqa: TID251  # the one place


def set_names() -> frozenset[str]:
    """Return the names of the variables that are set and not empty; never their values."""
    return frozenset(name for name, value in os.environ.items() if value.strip())  # noqa: TID251  # the one place


def read(variables: Mapping[str, str]) -> Environment:
    """Return the environment that `variables` describe."""
    names = {field.alias for field in Environment.model_fields.values()}
    return Environment.model_validate(
        {name: value for name, value in variables.items() if name in names and value.strip()}
    )
