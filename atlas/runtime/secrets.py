"""The generated keys of one installation, made once and readable by its owner only."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from atlas.runtime.errors import FolderUnusable, SecretsBroken
from atlas.runtime.locks import exclusive

FILE_NAME = "secrets.json"


@dataclass(frozen=True)
class Secrets:
    """Keys of this installation; `path` is the file they live in."""

    path: Path
    secret_key: str = field(repr=False)
    encryption_key: str = field(repr=False)
    """32 random bytes in URL-safe base64, the form that Fernet takes."""
    database_key: str = field(repr=False)

    def password(self, login: str) -> str:
        """The password of a login of the local PostgreSQL: the same one at every call."""
        digest = hmac.digest(self.database_key.encode(), login.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    @property
    def cluster_name(self) -> str:
        """A short name that differs between installations and tells nothing about the keys."""
        return self.password("name of the cluster")[:12].replace("-", "x").replace("_", "y").lower()


def load_secrets(data_dir: Path) -> Secrets:
    """Read the keys, making folder (0700) and file (0600) first when missing.

    Of several processes that race for it one makes the file and all read the same keys.
    """
    make_private_folder(data_dir)
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            with exclusive(data_dir / "secrets.lock"):
                if not path.exists():
                    _write(path)
        return _read(path)
    except PermissionError as error:
        raise FolderUnusable(path, "permission denied") from error


def make_private_folder(folder: Path) -> None:
    """Make `folder` for its owner alone (0700), or close it to others when it exists."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        if status.st_mode & 0o077:
            folder.chmod(0o700)
        readable = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    except FileExistsError as error:
        raise FolderUnusable(folder, "it is not a folder") from error
    except OSError as error:
        raise FolderUnusable(folder, (error.strerror or "it failed").lower()) from error
    if not readable:
        raise FolderUnusable(folder, "permission denied")


def _write(path: Path) -> None:
    keys = {
        "secret_key": secrets.token_urlsafe(48),
        "encryption_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "database_key": secrets.token_urlsafe(32),
    }
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(keys, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _read(path: Path) -> Secrets:
    try:
        keys = json.loads(path.read_text())
        return Secrets(
            path=path,
            secret_key=_key(keys, "secret_key"),
            encryption_key=_key(keys, "encryption_key"),
            database_key=_key(keys, "database_key"),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise SecretsBroken(path) from error


def _key(keys: dict[str, object], name: str) -> str:
    value = keys[name]
    if not isinstance(value, str) or not value:
        raise TypeError(name)
    return value
