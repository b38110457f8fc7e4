"""Patterns: texts the operator or a plugin forbids outright."""

import re
from collections.abc import Iterable

from atlas.sql.refusal import RefusalError


def check_patterns(sql: str, patterns: Iterable[re.Pattern[str]]) -> None:
    """Refuse text in which any of the patterns is found."""
    for pattern in patterns:
        found = pattern.search(sql)
        if found is not None:
            raise RefusalError(
                "forbidden_pattern",
                f"This datasource does not accept {found.group()[:40] or 'this text'} in a query.",
                offending=found.group()[:200],
                offset=found.start(),
            )
