"""The approval policy of this process, set once at start from the operator's configuration."""

from approvals.policies import Policy

_policy = Policy()


def install(policy: Policy) -> None:
    """Make `policy` the one that counts in this process; boot does it, and tests."""
    global _policy
    _policy = policy


def current() -> Policy:
    """Return the installed policy; without one, the defaults."""
    return _policy
