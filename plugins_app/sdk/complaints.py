"""Turns what a configuration model raised into text that names fields and shows no values."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pydantic import Secret, SecretStr, ValidationError

MASK = "***"
SHORTEST = 3
"""A shorter value would mask letters of ordinary words."""


def of_model(error: ValidationError) -> str:
    """Return each problem with its field, separated by semicolons."""
    return "; ".join(_problem(item) for item in error.errors(include_url=False))


def of_parser(error: Exception, options: Mapping[str, Any]) -> str:
    """Return what a parser complained about, with every given value masked.

    A parser that gave no text is described by the class of its error.
    """
    text = str(error).strip().rstrip(".") or f"parse() raised {type(error).__name__}"
    text = without_values(text, options)
    if any(name in text for name in options):
        return text
    return f"configuration: {text}"


def without_values(message: str, given: Any) -> str:
    """Return a message without any value that was given, nested ones and URL passwords too."""
    # Longest first, so that a value which contains another one is masked as a whole.
    for value in sorted(set(_texts(given)), key=len, reverse=True):
        message = message.replace(value, MASK)
    return message


def _problem(item: Any) -> str:
    field = ".".join(str(part) for part in item["loc"]) or "configuration"
    message = str(item["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{field}: {without_values(message, item.get('input'))}"


def _texts(given: Any) -> Iterator[str]:
    if isinstance(given, Mapping):
        given = list(given.values())
    if isinstance(given, list | tuple | set | frozenset):
        for value in given:
            yield from _texts(value)
        return
    text = str(given.get_secret_value() if isinstance(given, Secret | SecretStr) else given)
    if len(text) >= SHORTEST and given is not None and not isinstance(given, bool):
        yield text
        yield from _passwords(text)


def _passwords(text: str) -> Iterator[str]:
    if "://" not in text:
        return
    try:
        password = urlsplit(text).password or ""
    except ValueError:
        return
    for form in (password, unquote(password), quote(unquote(password))):
        if len(form) >= SHORTEST:
            yield form
