"""What an action gave back, as labelled values for the card and one phrase for a sentence."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from approvals.models import ActionRequest
from atlas.common.jsonable import JSON


@dataclass(frozen=True)
class ResultField:
    """One value of a result; `url` is set when the value is a web address that may be opened."""

    label: str
    text: str
    url: str = ""


def result_fields(request: ActionRequest) -> tuple[ResultField, ...]:
    """The plain values of the result, in the order in which the plugin gave them."""
    return tuple(
        ResultField(_label(name), str(value), _web_address(value))
        for name, value in request.result.items()
        if _is_plain(value)
    )


def described_result(request: ActionRequest) -> str:
    """The result in one phrase: its `message` if it has one, else its values with their names."""
    message = request.result.get("message")
    if isinstance(message, str) and message.strip():
        return message.strip()
    return ", ".join(f"{field.label}: {field.text}" for field in result_fields(request))


def _is_plain(value: JSON) -> bool:
    return value is not None and value != "" and not isinstance(value, list | dict)


def _label(name: str) -> str:
    if name.lower() == "url":
        return _("Link")
    words = name.replace("_", " ").strip().capitalize().split(" ")
    return " ".join("ID" if word.lower() == "id" else word for word in words)


def _web_address(value: JSON) -> str:
    if not isinstance(value, str):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return value if parts.scheme in {"http", "https"} and parts.netloc else ""
