"""Which requests a reader does not find by their summary: it holds what is withheld there."""

from django.db.models import BooleanField, Func, JSONField, Max, Q, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Replace

from approvals.models import ActionRequest
from approvals.querysets import ActionRequestQuerySet
from atlas.accounts.models import User
from atlas.datasources.seeing import hides_anything, may_see

# The kinds of the newest requests are judged, each by itself; any other counts as withheld.
MOST_ROWS = 10_000
MOST_KINDS = 1_000


class _Kinds(Func):
    """What each result was made of that was read before a request, a row for each."""

    function = "jsonb_array_elements"
    output_field = JSONField()
    set_returning = True


class _ReadOther(Func):
    """Whether one was read that is made of none of the given kinds."""

    template = "EXISTS (SELECT FROM jsonb_array_elements(%(expressions)s)))"
    arg_joiner = ") AS read (kind) WHERE read.kind NOT IN (SELECT jsonb_array_elements("
    output_field = BooleanField()


class _HoldsHidden(Func):
    """`holds_hidden` of withholding.py: an argument that may hold data is given, and not empty."""

    template = "EXISTS (SELECT FROM json_each((%(expressions)s, 'null') @> to_jsonb(a.name), true))"
    arg_joiner = (
        ")::json -> 'arguments') AS a (name, given)"
        " WHERE a.given::text NOT IN ('null', 'false', '0', '0.0', '-0.0', '\"\"', '[]', '{}')"
        " AND coalesce(nullif("
    )
    output_field = BooleanField()


def unfindable(rows: ActionRequestQuerySet, reader: User) -> Q | None:
    """The condition of those of `rows` whose summary the reader sees without its values.

    None when there is no such row. However many rows there are, the kinds of data behind the
    newest `MOST_ROWS` are looked for, and at most `MOST_KINDS` are read into this process.
    """
    if not hides_anything():
        return None
    newest = rows.order_by("-pk").values("pk")[:MOST_ROWS]
    kinds = (
        ActionRequest.objects.order_by()
        .filter(pk__in=newest)
        .annotate(read=_Kinds(KeyTransform("seen", "why")))
        .values("read")
        .annotate(newest=Max("pk"))
        .order_by("-newest")
        .values_list("read", flat=True)
    )
    found = list(kinds[: MOST_KINDS + 1])
    seen = [kind for kind in found[:MOST_KINDS] if may_see(reader, [kind])]
    if len(seen) == len(found):
        return None
    other = _ReadOther(KeyTransform("seen", "why"), Value(seen, JSONField()))
    # PostgreSQL reads no JSON that holds this character.
    payload = Replace("payload", Value(r"\u0000"), Value(r"\ufffd"))
    return Q(other) & Q(_HoldsHidden(payload, KeyTransform("data_fields", "contract")))
