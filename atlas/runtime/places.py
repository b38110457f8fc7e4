"""Where the files and the socket of the local PostgreSQL are."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from atlas.runtime.accounts import Account, server_account
from atlas.runtime.errors import FolderUnusable
from atlas.runtime.secrets import Secrets

# As root the server's account cannot enter a folder in root's home, so its files live here.
ROOT_STORE = Path("/var/lib/atlas-postgres")
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107


@dataclass(frozen=True)
class Places:
    """The folders of one cluster, known before anything exists."""

    account: Account
    data_dir: Path
    folder: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.folder / "server.log"

    @property
    def store(self) -> Path:
        """Where copied programs go."""
        return ROOT_STORE / "programs"

    @property
    def link(self) -> Path:
        """The name of the cluster inside the data folder: the cluster or a link to it."""
        return self.data_dir / "postgres"

    @property
    def sockets(self) -> Path:
        """The folder of the socket: below the cluster, or under /tmp if that path is too long."""
        near = self.folder / "run"
        if len(os.fsencode(near / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return near
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(f"/tmp/atlas-postgres-{name}")  # noqa: S108 - checked by make_folders

    def make_folders(self) -> None:
        """Make the cluster's folders for the server's account and check who owns them."""
        try:
            self.folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            for folder in (self.folder, self.sockets):
                self._make(folder)
            if self.folder != self.link and not self.link.exists():
                self.link.unlink(missing_ok=True)
                self.link.symlink_to(self.folder)
        except PermissionError as error:
            raise FolderUnusable(self.folder, "permission denied") from error

    def check_readable(self) -> None:
        """Raise FolderUnusable when an existing cluster belongs to somebody else."""
        if self.data.exists() and self.data.stat().st_uid != self.account.uid:
            raise FolderUnusable(self.data, "it belongs to another user")
        if self.folder.exists() and not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
            raise FolderUnusable(self.folder, "permission denied")

    def _make(self, folder: Path) -> None:
        if not folder.exists():
            folder.mkdir(mode=0o700)
            self.account.own(folder)
        status = folder.lstat()
        # Under /tmp anybody may have made the folder first; a link there has another owner or type.
        if folder.is_symlink() or status.st_uid != self.account.uid:
            raise FolderUnusable(folder, "it belongs to another user")


def places_for(data_dir: Path, secrets: Secrets) -> Places:
    """The places of the cluster that belongs to `data_dir`; creates nothing."""
    account = server_account()
    data_dir = data_dir.absolute()
    link = data_dir / "postgres"
    try:
        if link.exists():
            folder = link.resolve()
        elif account.can_enter(data_dir):
            folder = link
        else:
            folder = ROOT_STORE / secrets.cluster_name
    except PermissionError as error:
        raise FolderUnusable(data_dir, "permission denied") from error
    return Places(account, data_dir, folder)
