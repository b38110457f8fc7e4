"""The address at which this process serves pages, for links where nobody configured another."""

_address = ""


def note(address: str) -> None:
    """Remember the address, such as "http://127.0.0.1:8000/"."""
    global _address
    _address = address


def address() -> str:
    """The address; empty in a process that serves no pages."""
    return _address
