"""A PostgreSQL of our own: made once in the data folder, reached by a unix socket, no network."""

import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

from atlas.common.processes import is_alive
from atlas.runtime import postmaster
from atlas.runtime.binaries import Binaries, find_binaries
from atlas.runtime.errors import (
    FolderUnusable,
    LocalPostgresError,
    PasswordRefused,
    StartFailed,
    VersionMismatch,
)
from atlas.runtime.locks import Presence, exclusive
from atlas.runtime.places import places_for
from atlas.runtime.secrets import Secrets

SUPERUSER = "postgres"
LARGEST_LOG_BYTES = 10_000_000
SETTINGS = {"listen_addresses": "", "max_connections": "150", "unix_socket_permissions": "0700"}

_STILL_THERE = ("shared memory block", "lock file", "unexpected postmaster exit")


class LocalPostgres:
    """The cluster of one data folder.

    `start` and `stop` may be called from any number of processes at once. As root the server runs
    under another account that exists already. Raises LocalPostgresError or FolderUnusable.
    """

    def __init__(
        self,
        data_dir: Path,
        secrets: Secrets,
        *,
        binaries: Binaries | None = None,
        settings: Mapping[str, str] | None = None,
        start_timeout_s: float = 60.0,
    ) -> None:
        self.places = places_for(data_dir, secrets)
        self._secrets = secrets
        self._binaries = binaries
        self._settings = {**SETTINGS, **(settings or {})}
        self._start_timeout_s = start_timeout_s
        self._presence = Presence(self.places.data_dir / "postgres.users")

    def url(self, login: str, database: str) -> str:
        """A connection URL for a login of this cluster; nothing has to run for it."""
        sockets = quote(str(self.places.sockets), safe="/")
        password = self._secrets.password(login)
        return f"postgresql://{quote(login)}:{password}@/{quote(database)}?host={sockets}"

    def password(self, login: str) -> str:
        """The password that `url` holds for this login."""
        return self._secrets.password(login)

    def is_running(self) -> bool:
        """Whether a real query is answered now."""
        return self._ask() == ""

    def start(self) -> None:
        """Make the cluster when it is missing and return once it answers; it is marked as used."""
        try:
            self.places.check_readable()
            with exclusive(self.places.data_dir / "postgres.lock"):
                # First: a process that is told to end while the server starts must end it as well.
                self._presence.enter()
                if not self.is_running():
                    self._start()
        except PermissionError as error:
            place = Path(error.filename or self.places.folder)
            raise FolderUnusable(place, "permission denied") from error

    def stop(self) -> None:
        """Shut the server down, whoever uses it; nothing happens when it does not run."""
        if not self.places.data.exists():
            return
        with exclusive(self.places.data_dir / "postgres.lock"):
            self._presence.leave()
            self._stop()

    def release(self) -> None:
        """Take away this process's mark; the last process to do so stops the server."""
        if not self.places.data.exists():
            return
        with exclusive(self.places.data_dir / "postgres.lock"):
            if self._presence.leave():
                self._stop()

    def _start(self) -> None:
        places = self.places
        binaries = (self._binaries or find_binaries()).usable_by(places.account, places.store)
        places.make_folders()
        if not places.data.exists():
            self._initialise(binaries)
        self._check_version(binaries)
        self._launch(binaries)

    def _stop(self) -> None:
        pid = postmaster.postmaster_pid(self.places.data)
        if pid is not None:
            postmaster.end(pid, self.places.data)

    def _check_version(self, binaries: Binaries) -> None:
        made_by = (self.places.data / "PG_VERSION").read_text().strip()
        major = binaries.major()
        if made_by != major:
            raise VersionMismatch(self.places.data, data=made_by, binaries=major)

    def _initialise(self, binaries: Binaries) -> None:
        places = self.places
        # Renamed when complete, so that a killed initdb never passes for a cluster.
        unfinished = places.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = places.folder / "password.new"
        password_file.unlink(missing_ok=True)
        password_file.touch(0o600)
        password_file.write_text(self._secrets.password(SUPERUSER))
        places.account.own(password_file)
        command = [
            str(binaries.program("initdb")),
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            *_locale_options(binaries.major()),
        ]
        done = subprocess.run(  # noqa: S603 - a program found by us, arguments made by us
            command, capture_output=True, text=True, cwd="/", **places.account.run_options()
        )
        password_file.unlink()
        if done.returncode != 0:
            places.log.write_text(done.stdout + done.stderr)
            raise StartFailed(_last_line(done.stderr), places.log)
        unfinished.rename(places.data)

    def _launch(self, binaries: Binaries) -> None:
        deadline = time.monotonic() + self._start_timeout_s
        while True:
            postmaster.forget_stale_pid(self.places.data, self.places.sockets)
            pid = self._spawn(binaries)
            reason = self._wait(pid, deadline)
            if reason == "":
                return
            # Children of a killed server leave within seconds; until then a new one is refused,
            # and what they say as they leave may stand below the refusal.
            refused = any(said in reason for said in _STILL_THERE)
            if not refused or time.monotonic() > deadline:
                raise StartFailed(reason, self.places.log)
            time.sleep(0.1)

    def _spawn(self, binaries: Binaries) -> int:
        places = self.places
        if places.log.exists() and places.log.stat().st_size > LARGEST_LOG_BYTES:
            places.log.replace(places.log.with_suffix(".old.log"))
        settings = {**self._settings, "unix_socket_directories": str(places.sockets)}
        command = [str(binaries.program("postgres")), "-D", str(places.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with places.log.open("ab") as log:
            # The shell ends at once: the server is nobody's child and no signal of a terminal
            # reaches its session.
            done = subprocess.run(  # noqa: S603 - a program found by us, arguments made by us
                ["/bin/sh", "-c", '"$@" </dev/null >&2 & echo $!', "sh", *command],
                stdout=subprocess.PIPE,
                stderr=log,
                check=True,
                cwd="/",
                start_new_session=True,
                **places.account.run_options(),
            )
        return int(done.stdout)

    def _wait(self, pid: int, deadline: float) -> str:
        while True:
            answer = self._ask()
            if answer == "":
                return ""
            if "password authentication failed" in answer:
                postmaster.end(pid, self.places.data)
                raise PasswordRefused(self.places.folder, self._secrets.path)
            if not is_alive(pid):
                return _last_line(self.places.log.read_text(errors="replace"))
            if time.monotonic() > deadline:
                return f"it gave no answer within {self._start_timeout_s:.0f} seconds."
            time.sleep(0.01)

    def _ask(self) -> str:
        """Run SELECT 1: "" when answered, else why not."""
        if not self.places.sockets.exists():
            return "there is no socket"
        try:
            with psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error as error:
            return str(error) or "no answer"
        return ""


def _locale_options(major: str) -> list[str]:
    # The builtin provider sorts alike on every machine and knows upper and lower case.
    if int(major) >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line]
    return (telling or lines or ["it ended without a word."])[-1]


__all__ = ["LocalPostgres", "LocalPostgresError"]
