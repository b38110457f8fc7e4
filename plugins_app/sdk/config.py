"""The base class of plugin configuration models."""

from pydantic import BaseModel, ConfigDict


class PluginConfig(BaseModel):
    """Base of a plugin's configuration: immutable, strict about names, silent about values.

    Unknown names are refused, so that a misspelled option is an error and not a default.
    Secrets are declared as `pydantic.SecretStr`; the host scrubs them from every message.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True
    )
