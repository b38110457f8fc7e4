"""Signed notes of how long the chain was, in a file outside the database: they show a cut tail."""

import base64
import fcntl
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection

from atlas.common.errors import AtlasError

FILE = "checkpoints.jsonl"
PRIVATE_KEY = "audit.key"
PUBLIC_KEY = "audit.pub"


class CheckpointError(AtlasError):
    """The file of checkpoints, or its key, cannot be read or is not genuine."""

    code = "checkpoints"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain had `number` links and ended in `digest` (hexadecimal) at `at` by the database.

    `previous` is the SHA-256 of the line before, so that no line can be taken out.
    """

    number: int
    digest: str
    at: str
    previous: str

    def text(self) -> str:
        values = [self.number, self.digest, self.at, self.previous]
        return json.dumps(values, separators=(",", ":"))


def write_checkpoint(data_dir: Path) -> Checkpoint | None:
    """Sign the present end of the chain into `checkpoints.jsonl`; None when nothing was added."""
    with os.fdopen(_open_private(data_dir / FILE), "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = ([line for line in file.read().splitlines() if line.strip()] or [""])[-1]
        number = json.loads(last)["number"] if last else 0
        end = _end_of_chain()
        if end is None or end[0] <= number:
            return None
        checkpoint = Checkpoint(end[0], end[1].hex(), end[2].isoformat(), _digest(last))
        file.write(_line(checkpoint, _private_key(data_dir)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return checkpoint


def read_checkpoints(file: Path, public_key: Path | None = None) -> list[Checkpoint]:
    """The checkpoints of a file, oldest first; raises CheckpointError when one is not genuine.

    `public_key` is by default the file `audit.pub` beside it.
    """
    key = _public_key(public_key or file.with_name(PUBLIC_KEY))
    try:
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise CheckpointError(f"{file} cannot be read: {error.strerror}.") from error
    found: list[Checkpoint] = []
    before = ""
    for at, line in enumerate(lines, start=1):
        checkpoint = _verified(line, key)
        if checkpoint is None or checkpoint.previous != _digest(before):
            raise CheckpointError(f"Line {at} of {file} was changed, moved or removed.")
        found.append(checkpoint)
        before = line
    return found


def _end_of_chain() -> tuple[int, bytes, datetime] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, digest, now() FROM audit_auditseal ORDER BY number DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return None if row is None else (row[0], bytes(row[1]), row[2])


def _line(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    signature = base64.b64encode(key.sign(checkpoint.text().encode())).decode()
    fields: dict[str, Any] = {
        "number": checkpoint.number,
        "digest": checkpoint.digest,
        "at": checkpoint.at,
        "previous": checkpoint.previous,
        "signature": signature,
    }
    return json.dumps(fields)


def _verified(line: str, key: Ed25519PublicKey) -> Checkpoint | None:
    try:
        fields = json.loads(line)
        signature = base64.b64decode(fields.pop("signature"))
        checkpoint = Checkpoint(**fields)
        key.verify(signature, checkpoint.text().encode())
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
        return None
    return checkpoint


def _digest(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest() if line else ""


def _private_key(data_dir: Path) -> Ed25519PrivateKey:
    """The installation's signing key (0600), made on first use with its public half beside it.

    The caller holds the lock of the checkpoints, so that one process makes it.
    """
    path = data_dir / PRIVATE_KEY
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        unfinished = path.with_suffix(".new")
        with os.fdopen(_open_private(unfinished), "wb") as file:
            file.write(base64.b64encode(key.private_bytes_raw()))
        public = base64.b64encode(key.public_key().public_bytes_raw())
        (data_dir / PUBLIC_KEY).write_bytes(public + b"\n")
        unfinished.replace(path)
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes()))


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"The public key {path} cannot be read.") from error


def _open_private(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
