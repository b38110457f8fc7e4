"""What a card says about characters that deceive, wherever in the request they are."""

from collections.abc import Iterator, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.cards.fields import Field, Table
from approvals.cards.lookalikes import Oddity, odd_characters
from approvals.models import ActionRequest

NAMED = 5

_SENTENCES: dict[Oddity, str | Promise] = {
    Oddity.LOOKALIKE: gettext_lazy("Some letters are not the ones that they look like: %(names)s."),
    Oddity.HIDDEN: gettext_lazy("It holds characters that are not seen: %(names)s."),
    Oddity.DIRECTION: gettext_lazy("It holds characters that turn the direction: %(names)s."),
}


def oddities_of(
    request: ActionRequest, fields: Sequence[Field], tables: Sequence[Table]
) -> tuple[str, ...]:
    """One sentence for each kind of oddity, with each character once, wherever it stands."""
    found = odd_characters(_texts(request, fields, tables))
    return tuple(
        str(_SENTENCES[oddity]) % {"names": _listed(found[oddity])}
        for oddity in Oddity
        if oddity in found
    )


def _texts(
    request: ActionRequest, fields: Sequence[Field], tables: Sequence[Table]
) -> Iterator[str]:
    yield request.summary
    yield str(request.contract.get("preview", {}).get("text", ""))
    for field in fields:
        yield field.label
        yield field.text
    for table in tables:
        yield table.name
        yield from table.columns
        for row in table.rows:
            yield from row
    for change in request.changes:
        yield from change.values()


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED])
    rest = len(names) - NAMED
    return (
        _("%(names)s and %(count)s more") % {"names": shown, "count": rest} if rest > 0 else shown
    )
