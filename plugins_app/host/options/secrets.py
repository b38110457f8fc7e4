"""Finds the secret values of a plugin's configuration and keeps them out of every text."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, Secret, SecretStr

from atlas.common.redaction import MASK, redact

SECRET_NAMES = ("password", "passwd", "secret", "token", "api_key", "apikey", "private_key")
MAX_MESSAGE = 512


def secret_values(config: object) -> frozenset[str]:
    """Return every secret in a configuration: secret types, passwords in URLs, telling names."""
    return frozenset(value for value in _walk("", config) if len(value) > 2)


def masked(text: str, secrets: frozenset[str]) -> str:
    """Return the text with each known secret replaced."""
    # Longest first, so that a secret which contains another one is masked as a whole.
    for value in sorted(secrets, key=len, reverse=True):
        text = text.replace(value, MASK)
    return redact(text)


def scrub(text: str, secrets: frozenset[str] = frozenset()) -> str:
    """Return a text for people: known secrets and URL passwords masked, at most 512 characters."""
    text = masked(text, secrets).strip()
    return text if len(text) <= MAX_MESSAGE else f"{text[: MAX_MESSAGE - 1]}…"


def redacted(name: str, value: Any) -> Any:
    """Return configuration data with every secret replaced, for `ctx.config` and for pages."""
    if isinstance(value, SecretStr | Secret) or (isinstance(value, str) and _tells_secret(name)):
        return MASK
    if isinstance(value, BaseModel | Mapping):
        return {key: redacted(key, item) for key, item in _named(name, value)}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(name, item) for item in value]
    if isinstance(value, str):
        return redact(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _walk(name: str, value: object) -> Iterator[str]:
    if isinstance(value, SecretStr | Secret):
        plain = str(value.get_secret_value())
        yield plain
        yield from _url_password(plain)
    elif isinstance(value, str):
        if _tells_secret(name):
            yield value
        yield from _url_password(value)
    else:
        for key, item in _named(name, value):
            yield from _walk(key, item)


def _named(name: str, value: object) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a container with the name each one is known by."""
    if isinstance(value, BaseModel):
        for key in type(value).model_fields:
            yield key, getattr(value, key)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key), item
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield name, item


def _url_password(text: str) -> Iterator[str]:
    if "://" not in text:
        return
    try:
        password = urlsplit(text).password
    except ValueError:
        return
    if password:
        yield password
        yield unquote(password)


def _tells_secret(name: str) -> bool:
    return any(part in name.lower() for part in SECRET_NAMES)
