"""One value of the operator's file, of the kind that it has to be."""

from typing import TypeVar

from atlas.common.errors import AtlasError

T = TypeVar("T")


class WrongKind(AtlasError):
    """A value of the operator's file is not of the kind that its name asks for."""

    code = "wrong_kind"


def chosen(module: object, name: str, usual: T) -> T:
    """The value that the file gives to `name`, or the usual one where it says nothing.

    Raises `WrongKind` for a value of another kind than the usual one.
    """
    found = getattr(module, name, None)
    if found is None:
        return usual
    kind = type(usual)
    if not isinstance(found, kind):
        raise WrongKind(
            f"{name} of the configuration must be {kind.__name__}(...) of {kind.__module__}."
        )
    return found
