"""People at the servers of a test, as in tests/processes."""

from tests.processes.conftest import sign_in

__all__ = ["sign_in"]
