"""What is said about a table that cannot be read."""

from collections.abc import Iterable

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import RefusalError, did_you_mean, nearest, offset_of
from atlas.sql.types import Catalog


def is_system(name: str, rules: DialectRules) -> bool:
    """Whether the name is one of the engine's own catalog."""
    lowered = name.lower()
    return any(
        lowered == word or (word.endswith("_") and lowered.startswith(word))
        for word in rules.traits.system_relations
    )


def system(name: str, node: exp.Expr) -> RefusalError:
    """The refusal of the engine's own catalog."""
    return RefusalError(
        "system_catalog",
        f"The name {name[:60]} belongs to the engine's own catalog, which cannot be read.",
        offending=name[:200],
        offset=offset_of(node),
    )


def no_table(node: exp.Expr) -> RefusalError:
    """The refusal of what stands in the place of a table and is none."""
    return RefusalError(
        "unknown_table",
        "Behind FROM a table is called by its name; stages, files and computed names are not read.",
        offending=node.sql()[:200],
        offset=offset_of(node),
    )


def unknown(
    catalog: Catalog,
    rules: DialectRules,
    node: exp.Expr,
    parts: list[exp.Expr],
    ctes: Iterable[str],
) -> RefusalError:
    """The refusal of a table that is not listed, with the nearest name that is."""
    full = ".".join(str(part.this) for part in parts)
    if any(is_system(str(part.this), rules) for part in parts):
        return system(full, node)
    return unlisted(full, catalog, node, ctes)


def unlisted(full: str, catalog: Catalog, node: exp.Expr, ctes: Iterable[str]) -> RefusalError:
    """The same for a name that is known not to be the engine's own."""
    spellings = {t.full_name: t.full_name for t in catalog.tables}
    spellings |= {t.name: t.full_name for t in catalog.tables}
    spellings |= {name: name for name in ctes}
    near = nearest(full, spellings)
    suggestion = spellings[near] if near else None
    return RefusalError(
        "unknown_table",
        f"The table {full} is not one of the tables that may be read{did_you_mean(suggestion)}",
        offending=full,
        offset=offset_of(node),
        suggestion=suggestion,
    )
