"""Promises of the doctor: real findings, one line each, and it never breaks itself."""

import psycopg
import pytest

from atlas.common.errors import AtlasError
from atlas.runtime.diagnosis import Level, failed, findings_of, passed, warned
from atlas.runtime.local_postgres import SUPERUSER
from atlas.runtime.probe import CONNECTIONS_PER_PROCESS, Capabilities, probe
from tests.cluster import TestCluster
from tests.processes.waiting import until


def test_findings_read_as_lines() -> None:
    assert str(passed("Python", "3.11")) == "PASS  Python: 3.11"
    assert str(warned("Wall", "missing", "Build it.")) == "WARN  Wall: missing\n      Build it."
    assert str(failed("Model", "no key", "Set it.")) == "FAIL  Model: no key\n      Set it."


def test_a_section_that_breaks_is_a_failed_finding() -> None:
    def breaks():
        yield passed("First", "well")
        raise AtlasError("Plug it in.", code="unplugged")

    found = list(findings_of("Cable", breaks))

    assert [finding.level for finding in found] == [Level.PASS, Level.FAIL]
    assert str(found[1]) == "FAIL  Cable: unplugged\n      Plug it in."


def test_a_bug_in_a_section_does_not_end_the_doctor() -> None:
    def breaks():
        yield passed("Ratio", str(1 // 0))

    assert [finding.level for finding in findings_of("Sums", breaks)] == [Level.FAIL]


@pytest.mark.parametrize(
    ("room", "used", "more"),
    [(100, 10, 7), (97, 97, 0), (97, 120, 0), (2 * CONNECTIONS_PER_PROCESS, 0, 2)],
)
def test_the_budget_counts_whole_processes(room: int, used: int, more: int) -> None:
    found = Capabilities(180006, room, used, notifies=True)

    assert found.more_processes(CONNECTIONS_PER_PROCESS) == more


@pytest.mark.processes
def test_the_probe_asks_the_server(cluster: TestCluster) -> None:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        found = probe(connection)
        # A session of an earlier test may end between two looks.
        until("one more is used", lambda: used_by_another(cluster, connection) == 1)

    assert found.version // 10000 == 18
    assert found.version_text.startswith("18.")
    assert found.notifies
    assert found.room == 197


def used_by_another(cluster: TestCluster, connection: psycopg.Connection) -> int:
    """By how much the used connections grow while another session is open."""
    before = probe(connection).used
    with psycopg.connect(cluster.url()):
        return probe(connection).used - before


@pytest.mark.processes
def test_a_limit_of_the_login_bounds_the_room(cluster: TestCluster) -> None:
    with cluster.superuser() as administrator:
        administrator.execute("CREATE ROLE limited LOGIN CONNECTION LIMIT 7")
        administrator.execute("GRANT CONNECT ON DATABASE postgres TO limited")
        administrator.execute(f"ALTER ROLE limited PASSWORD '{cluster.local.password('limited')}'")
    try:
        with psycopg.connect(cluster.url("limited", "postgres"), autocommit=True) as connection:
            assert probe(connection).room == 7
    finally:
        with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute("REVOKE CONNECT ON DATABASE postgres FROM limited")
            connection.execute("DROP ROLE limited")
