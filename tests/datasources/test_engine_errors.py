"""Classes of engine errors, as a table."""

import pytest

from atlas.datasources.engine_errors import KNOWN, engine_failure, sqlstate
from plugins_app.host.errors import PluginFailed, PluginTimeout, PluginUnavailable


class EngineError(Exception):
    def __init__(self, state):
        super().__init__("value 'secret' at 10.0.0.1")
        self.sqlstate = state


@pytest.mark.parametrize(
    ("state", "code", "retryable"),
    [
        ("57014", "timeout", False),
        ("42703", "unknown_column", False),
        ("42P01", "unknown_table", False),
        ("42501", "no_right", False),
        ("42999", "bad_query", False),
        ("22012", "division_by_zero", False),
        ("22999", "bad_value", False),
        ("53300", "overloaded", True),
        ("08006", "unreachable", True),
        ("57P01", "unreachable", True),
        ("40001", "busy", True),
        ("XX000", "engine_error", False),
        ("", "engine_error", False),
        (None, "engine_error", False),
        (7, "engine_error", False),
    ],
)
def test_failure_follows_the_longest_known_class(state, code, retryable):
    failure = engine_failure(PluginFailed("x", EngineError(state)))
    assert (failure.code, failure.retryable) == (code, retryable)
    assert "secret" not in failure.message


def test_every_sentence_says_what_happened():
    for code, sentence, _retryable in KNOWN.values():
        assert code
        assert str(sentence).endswith(".")


@pytest.mark.parametrize(
    ("error", "code", "retryable"),
    [
        (PluginTimeout("late"), "timeout", False),
        (PluginUnavailable("It is off."), "plugin_unavailable", True),
        (TimeoutError(), "unreachable", True),
        (ConnectionResetError("10.0.0.1"), "unreachable", True),
        (ValueError("secret"), "engine_error", False),
    ],
)
def test_failure_of_what_is_no_engine_error(error, code, retryable):
    failure = engine_failure(error)
    assert (failure.code, failure.retryable) == (code, retryable)


def test_sqlstate_is_found_behind_what_a_plugin_raises_instead():
    def plugin():
        try:
            raise EngineError("42703")
        except EngineError:
            raise ValueError("for people") from None

    with pytest.raises(ValueError, match="for people") as raised:
        plugin()
    assert sqlstate(raised.value) == "42703"
