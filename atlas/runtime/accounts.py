"""Which system account runs the local PostgreSQL, since PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# An account made for PostgreSQL is preferred; "nobody" exists on every system.
CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user and group id; `other` says that it is not the one this process has."""

    uid: int
    gid: int
    other: bool

    def run_options(self) -> dict[str, Any]:
        """Keywords for subprocess that start the program under this account."""
        if not self.other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.other:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may pass through `folder` and everything above it."""
        if not self.other:
            return True
        existing = [path for path in (folder, *folder.parents) if path.exists()]
        return all(self._may_search(path.stat()) for path in existing)

    def can_run(self, program: Path) -> bool:
        """Whether the program starts under this account, shared libraries included."""
        try:
            done = subprocess.run(  # noqa: S603 - a program found by us, fixed arguments
                [program, "--version"],
                capture_output=True,
                cwd="/",
                timeout=30,
                **self.run_options(),
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0

    def _may_search(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def server_account() -> Account:
    """The account for the server: ourselves, or as root an existing account without rights."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), other=False)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, other=True)
    return Account(65534, 65534, other=True)
