"""Decides whether a query in a language other than SQL may be sent: its plugin's validator says."""

import hashlib

from django.utils.translation import gettext as _

from atlas.semantic.layer import SemanticLayer
from atlas.sql import Rejection, ValidatedQuery
from plugins_app.host.facets import connections
from plugins_app.host.facets.connections import DatasourceInfo

MAX_CHARACTERS = 100_000


async def check_foreign(
    text: str, source: DatasourceInfo, layer: SemanticLayer
) -> ValidatedQuery | Rejection:
    """Return the text unchanged, or why it may not be sent.

    What the validator says it reads must be listed by the semantic layer. No row limit can be
    added to a language that is not known here: the connection gets the limits instead.
    """
    unusable = _unusable(text)
    if unusable:
        return Rejection("bad_text", "text", unusable)
    result = await connections.validate(source.id, text)
    if not result.valid:
        return Rejection("datasource_validator", "validate", result.reason)
    listed = {name.lower() for entity in layer.entities for name in (entity.name, entity.table)}
    for name in result.tables:
        if name.lower() not in listed:
            message = _("The semantic layer does not list “%(name)s”, so it cannot be asked.")
            return Rejection("unknown_table", "names", message % {"name": name}, name)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return ValidatedQuery(text, source.language, tuple(sorted(result.tables)), (), digest)


def _unusable(text: str) -> str:
    if not text.strip():
        return _("The query is empty; write one.")
    if len(text) > MAX_CHARACTERS:
        return _("The query is too long; ask for less at once.")
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        return _("The query contains a character that cannot be sent; remove it.")
    return ""
