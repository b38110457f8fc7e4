"""A private MariaDB on a unix socket in a temporary folder, ended by its process id."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pymysql

from tests.polling import until

SMALL = (
    "--skip-networking",
    "--innodb-buffer-pool-size=16M",
    "--innodb-log-file-size=4M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-fast-shutdown=2",
    "--performance-schema=OFF",
    "--plugin-load-add=metadata_lock_info",
    "--skip-log-bin",
)
PROGRAMS = ("mariadbd", "mariadb-install-db")


def missing() -> str:
    """Why no server can be started here, or nothing."""
    absent = [name for name in PROGRAMS if program(name) is None]
    return f"not installed: {', '.join(absent)} (apt-get install mariadb-server)" if absent else ""


def program(name: str) -> str | None:
    """Where a program is, also in the folders that only root searches."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class MariaDBServer:
    """A started server; `root` opens connections of its superuser."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="atlas-mariadb-"))
        self._socket = self.folder / "socket"
        data = f"--datadir={self.folder / 'data'}"
        account = ("--user=root",) if os.geteuid() == 0 else ()
        install = [str(program("mariadb-install-db")), "--no-defaults", data, *account]
        install += ["--auth-root-authentication-method=normal", "--skip-test-db", *SMALL[1:3]]
        subprocess.run(install, check=True, capture_output=True)
        start = [str(program("mariadbd")), "--no-defaults", data, *account, *SMALL]
        start += [f"--socket={self._socket}", f"--pid-file={self.folder / 'pid'}"]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(start, stdout=log, stderr=log)
        asyncio.run(until(self._answers, timeout_s=30))

    def connect(self, user: str = "root", database: str | None = None) -> Any:
        """An open connection in autocommit mode."""
        return pymysql.connect(
            unix_socket=str(self._socket),
            user=user,
            database=database,
            charset="utf8mb4",
            autocommit=True,
        )

    def stop(self) -> None:
        """End the server and delete its files."""
        self._process.terminate()
        self._process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._socket)) == 0
