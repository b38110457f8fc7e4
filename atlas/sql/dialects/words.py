"""Lists of words in data modules, and the mark on words that the parser shall not know."""

# No text that gets as far as the parser contains a NUL.
MARK = "\0"


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
