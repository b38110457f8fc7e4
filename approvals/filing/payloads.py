"""What exactly is asked for: canonical JSON, its hash, and the fields that a card shows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from atlas.common.errors import BadInput
from atlas.common.jsonable import jsonable

MAX_PAYLOAD = 1_000_000


@dataclass(frozen=True)
class Attachment:
    """A table that goes along with an action: as CSV for the plugin, as rows on the card."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Why:
    """A snapshot of the reason: what deciders see of the conversation, and all they see."""

    question: str = ""
    answer_sentence: str = ""
    figure: str = ""
    sql: str = ""


@dataclass(frozen=True)
class Payload:
    """Canonical text and the SHA-256 that a decision is bound to."""

    text: str
    digest: str


def make_payload(
    action: str, arguments: Mapping[str, object], attachments: Sequence[Attachment] = ()
) -> Payload:
    """Write action, arguments and attachments as one canonical text.

    Equal contents give equal text, whatever the order of keys. Raises `BadInput` above
    1,000,000 characters.
    """
    contents = {
        "action": action,
        "arguments": jsonable(arguments),
        "attachments": [
            {
                "name": attachment.name,
                "columns": jsonable(attachment.columns),
                "rows": jsonable(attachment.rows),
            }
            for attachment in attachments
        ],
    }
    text = json.dumps(contents, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if len(text) > MAX_PAYLOAD:
        raise BadInput(
            _("This is too much for one request. Shorten the text or attach fewer rows."),
            code="payload_too_large",
        )
    return Payload(text, digest_of(text))


def tables_of(contents: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The attachments of a payload that was read back."""
    return tuple(
        Attachment(table["name"], tuple(table["columns"]), tuple(map(tuple, table["rows"])))
        for table in contents["attachments"]
    )


def digest_of(text: str) -> str:
    """Return the SHA-256 of the UTF-8 text in hex, as the database computes it too."""
    return hashlib.sha256(text.encode()).hexdigest()


def fields_of(schema: Mapping[str, Any]) -> list[dict[str, str]]:
    """Name, label and type of each argument, in the order of the JSON schema."""
    return [
        {
            "name": name,
            "label": str(field.get("title") or name.replace("_", " ").capitalize()),
            "type": str(field.get("format") or field.get("type") or ""),
        }
        for name, field in schema.get("properties", {}).items()
    ]
