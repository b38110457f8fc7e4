"""How a decision can be refused, beyond what every part of Atlas knows."""

from atlas.common.errors import AtlasError


class Conflict(AtlasError):
    """Somebody or something was faster, or the page was old; nothing was changed."""

    code = "conflict"
