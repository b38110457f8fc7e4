"""Case as the engines fold it in names: A to Z and no other letter.

Python's own folding turns the Kelvin sign into k, so that two names of an engine would be one here.
"""

import string

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


def lower(name: str) -> str:
    """The name with A to Z in lower case."""
    return name.translate(_LOWER)


def upper(name: str) -> str:
    """The name with a to z in upper case."""
    return name.translate(_UPPER)
