"""What the bench programs share: a migrated installation, and what memory they take."""

import os
import re
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are another package
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atlas.settings")

LONG = bool(os.environ.get("ATLAS_TEST_LONG"))


def prepare() -> None:
    """Start the local PostgreSQL of ATLAS_DATA_DIR and migrate it."""
    # Late: the environment is set above, and settings are read on import.
    import django  # noqa: PLC0415 - needs the settings
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings

    from atlas.env import environment  # noqa: PLC0415 - needs the settings
    from atlas.runtime.command_line import start_local_postgres  # noqa: PLC0415 - needs the settings

    start_local_postgres(environment())
    django.setup()
    call_command("migrate", verbosity=0)


def superuser(database: str) -> psycopg.Connection:
    """A connection of the local server's own superuser, in autocommit mode."""
    return psycopg.connect(superuser_url(database), autocommit=True)


def superuser_url(database: str) -> str:
    from atlas.env import environment  # noqa: PLC0415 - reads the environment once it is set
    from atlas.runtime.databases import local_postgres  # noqa: PLC0415 - needs the settings
    from atlas.runtime.local_postgres import SUPERUSER  # noqa: PLC0415 - needs the settings

    return local_postgres(environment()).url(SUPERUSER, database)


class Growth:
    """How far the memory of this process rose above what it was, at its highest, in MiB."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")
        self._before = _kib("VmRSS")

    def mib(self) -> float:
        return max(0.0, (_kib("VmHWM") - self._before) / 1024)


class Processor:
    """The processor time of this process and of its PostgreSQL with all connections, in s."""

    def __init__(self) -> None:
        with superuser("postgres") as connection:
            found = connection.execute("SHOW data_directory").fetchone()
        assert found
        number = (Path(found[0]) / "postmaster.pid").read_text().split()[0]
        self._all = [psutil.Process(), psutil.Process(int(number))]
        self._before = self._used()

    def seconds(self) -> float:
        return self._used() - self._before

    def _used(self) -> float:
        # The server's time for connections that are closed is that of its ended children.
        own = sum(sum(process.cpu_times()[:4]) for process in self._all)
        for child in self._all[1].children():
            with suppress(psutil.NoSuchProcess):
                own += sum(child.cpu_times()[:2])
        return float(own)


def _kib(field: str) -> int:
    found = re.search(rf"{field}:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])
