"""DuckDB's errors as classes of the SQL standard, with their place in the statement."""

import re

from plugins_app.sdk import PluginError

# By the driver's class: where its text tells more, what follows asks the text.
STATES = {
    "BinderException": "42000",
    "CatalogException": "42P01",
    "ConnectionException": "08006",
    "ConstraintException": "42000",
    "ConversionException": "22000",
    "DataError": "22000",
    "IOException": "08006",
    "InterruptException": "57014",
    "InvalidInputException": "22000",
    "NotImplementedException": "42000",
    "OutOfMemoryException": "53200",
    "OutOfRangeException": "22003",
    "ParserException": "42601",
    "PermissionException": "42501",
    "SyntaxException": "42601",
    "TypeMismatchException": "22000",
}
TOLD_BY_TEXT = (
    (re.compile(r"Referenced (column|table) |does not have a column named"), "42703"),
    (re.compile(r"Function with name|No function matches|Cannot (mix|compare) values"), "42883"),
    (re.compile(r"GROUP BY"), "42803"),
    (re.compile(r"More than one row returned by a subquery"), "21000"),
)
MARKED = re.compile(r"^LINE (\d+): (.*)\n( *)\^", re.MULTILINE)


def explained(error: Exception, sql: str, before: str) -> PluginError:
    """Return what DuckDB said, without its excerpt of the statement.

    `before` is what was put before the statement, which DuckDB's places count.
    """
    text = str(error)
    state = STATES.get(type(error).__name__, "58000")
    if state.startswith(("42", "22")):
        state = next((known for told, known in TOLD_BY_TEXT if told.search(text)), state)
    said = text.partition("\n")[0].rstrip(".!")
    return PluginError(f"{said}.", position=_position(text, sql, before), sqlstate=state)


def _position(text: str, sql: str, before: str) -> int | None:
    """The character that DuckDB's mark stands under, when its excerpt begins where a line does."""
    found = MARKED.search(text)
    if found is None or found[2].startswith("..."):
        return None
    line, lines = int(found[1]), sql.split("\n")
    at = len(found[3]) - len(f"LINE {line}: ") - (len(before) if line == 1 else 0)
    if not 1 <= line <= len(lines) or not 0 <= at <= len(lines[line - 1]):
        return None
    return sum(len(one) + 1 for one in lines[: line - 1]) + at + 1
