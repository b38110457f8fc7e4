"""Signed notes of how long the chain was, in a file outside the database: they show a cut tail."""

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

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

    `previous` is the SHA-256 of the line before, so that no line can be taken out. One that is
    `pruned` says that the entries up to `number` were removed on purpose.
    """

    number: int
    digest: str
    at: str
    previous: str
    pruned: bool = False

    def text(self) -> str:
        values = [self.number, self.digest, self.at, self.previous]
        return json.dumps(values + ["pruned"] * self.pruned, separators=(",", ":"))


def write_checkpoint(data_dir: Path) -> Checkpoint | None:
    """Sign the present end of the chain into `checkpoints.jsonl`; None when nothing was added."""
    # Without anything to sign no file is made, so that an empty one was emptied.
    if _end_of_chain() is None:
        return None
    with _locked(data_dir / FILE) as file:
        lines = _lines(file.read())
        signed = [fields["number"] for fields in map(json.loads, lines) if not fields.get("pruned")]
        end = _end_of_chain()
        if end is None or end[0] <= (signed or [0])[-1]:
            return None
        checkpoint = Checkpoint(end[0], end[1].hex(), end[2].isoformat(), _digest(lines))
        _append(file, checkpoint, _private_key(data_dir))
    return checkpoint


def write_pruned(data_dir: Path, number: int, digest: bytes) -> Checkpoint:
    """Sign that the chain may begin after `number`, whose digest the next link goes on from."""
    with _locked(data_dir / FILE) as file:
        at = datetime.now(UTC).isoformat()
        before = _digest(_lines(file.read()))
        checkpoint = Checkpoint(number, digest.hex(), at, before, pruned=True)
        _append(file, checkpoint, _private_key(data_dir))
    return checkpoint


def own_checkpoints(data_dir: Path) -> list[Checkpoint]:
    """The checkpoints of this installation; none before the first was signed.

    Raises `CheckpointError` also when the file is gone or the halves of the key are no pair.
    """
    file = data_dir / FILE
    if not (data_dir / PRIVATE_KEY).exists():
        if file.exists():
            raise CheckpointError(f"{data_dir / PRIVATE_KEY} is gone. Name a --key to verify by.")
        return []
    if not file.exists():
        raise CheckpointError(f"{file} is gone, though checkpoints were signed.")
    try:
        key = _private_key(data_dir)
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{data_dir / PRIVATE_KEY} cannot be read.") from error
    if key.public_key() != _public_key(data_dir / PUBLIC_KEY):
        raise CheckpointError(f"{PUBLIC_KEY} and {PRIVATE_KEY} in {data_dir} are no pair.")
    return read_checkpoints(file)


def read_checkpoints(file: Path, public_key: Path | None = None) -> list[Checkpoint]:
    """The checkpoints of a file, oldest first; raises CheckpointError when one is not genuine.

    `public_key` is by default the file `audit.pub` beside it.
    """
    key = _public_key(public_key or file.with_name(PUBLIC_KEY))
    try:
        lines = _lines(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CheckpointError(f"{file} was changed: it is no text.") from error
    if not lines:
        raise CheckpointError(f"{file} was emptied.")
    found: list[Checkpoint] = []
    for at, line in enumerate(lines):
        checkpoint = _verified(line, key)
        if checkpoint is None or checkpoint.previous != _digest(lines[:at]):
            good = f"it is genuine up to number {found[-1].number}" if found else "none is genuine"
            raise CheckpointError(f"Line {at + 1} of {file} was changed, moved or removed; {good}.")
        found.append(checkpoint)
    return found


def _end_of_chain() -> tuple[int, bytes, datetime] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, digest, now() FROM audit_auditseal ORDER BY number DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return None if row is None else (row[0], bytes(row[1]), row[2])


@contextmanager
def _locked(path: Path) -> Iterator[TextIO]:
    with os.fdopen(_open_private(path), "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _append(file: TextIO, checkpoint: Checkpoint, key: Ed25519PrivateKey) -> None:
    file.write(_line(checkpoint, key) + "\n")
    file.flush()
    os.fsync(file.fileno())


def _line(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    signature = base64.b64encode(key.sign(checkpoint.text().encode())).decode()
    fields: dict[str, Any] = {
        "number": checkpoint.number,
        "digest": checkpoint.digest,
        "at": checkpoint.at,
        "previous": checkpoint.previous,
        "signature": signature,
    }
    if checkpoint.pruned:
        fields["pruned"] = True
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


def _digest(lines: Sequence[str]) -> str:
    """What the next line says of the last of these."""
    return hashlib.sha256(lines[-1].encode()).hexdigest() if lines else ""


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
