"""What a model was given in a conversation, and whether that can have come from anybody."""

from collections.abc import Iterable
from enum import StrEnum


class Given(StrEnum):
    """Where something that a model was given comes from."""

    WORDS = "words of the asker"
    OTHERS = "words of another participant"
    LAYER = "semantic layer"
    NOTICE = "what Atlas itself says, such as why a call was refused"
    ANSWER = "an earlier answer: a model's own words, as good as what it was given"
    FRAGMENT = "text or terms of a context plugin"
    RECORDS = "what became of requests, with results of other systems"
    ROWS = "rows of a datasource"
    EXPLORED = "output of the shell"
    TOOL_RESULT = "what another system or a plugin returned"
    EARLIER = "something untrusted in an earlier run of the conversation"


TRUSTED = frozenset({Given.WORDS, Given.LAYER, Given.NOTICE, Given.ANSWER})

# Refusals with these codes are in a plugin's words, and it may have them from its other system.
IN_WORDS_OF_PLUGINS = frozenset(
    {
        "bad_arguments",
        "datasource_validator",
        "plugin_failed",
        "refused_by_action",
        "rejected_by_plugin",
    }
)


def is_untrusted(given: Iterable[Given]) -> bool:
    """Whether strangers may have written some of it, so that a person decides on what follows."""
    return not TRUSTED.issuperset(given)
