"""What is personal in the audit log: kept beside it, and in it only as a salted hash."""

import hashlib
import json
import secrets
from typing import Literal, NamedTuple

Kind = Literal["name", "subject", "address"]

SALT_BYTES = 16
# A subject that begins like this names an account; digits are its number, which names nobody.
ACCOUNT = "user "
# The field of a body that says where somebody is; it holds {"erasable": key} in the log.
ADDRESS = "address"
ERASABLE = "erasable"


class Personal(NamedTuple):
    """One text about a person, and the key under which an entry refers to it."""

    key: str
    kind: Kind
    actor_id: int | None
    text: str
    salt: bytes


def personal(kind: Kind, actor_id: int | None, text: str) -> Personal:
    """Give a text a salt of its own, without which its key says nothing about it."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Personal(key_of(kind, actor_id, text, salt), kind, actor_id, text, salt)


def key_of(kind: str, actor_id: int | None, text: str, salt: bytes) -> str:
    """SHA-256 over the salt and canonical JSON, in hexadecimal."""
    content = json.dumps([kind, actor_id, text], separators=(",", ":"))
    return hashlib.sha256(salt + content.encode()).hexdigest()


def names_person(subject: str) -> bool:
    """Whether a subject is the name of an account."""
    name = subject.removeprefix(ACCOUNT)
    return name != subject and bool(name) and not name.isdigit()
