"""What is past its time: results, and rights to run an approved query."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from atlas.datasources.models import QueryGrant, StoredResult

# Rows may be megabytes each, so a batch stays small.
BATCH = 200
GRANTS_BATCH = 1000
# An expired right runs nothing; for a while it still says to who looks that there was one.
GRANTS_KEPT = timedelta(days=1)

_REMEMBER = """
INSERT INTO datasources_pastreading (conversation_id, seen, digest)
SELECT result.conversation_id, result.seen, md5(result.seen::text)
FROM datasources_storedresult AS result
JOIN conversations_conversation AS conversation ON conversation.id = result.conversation_id
WHERE result.id = ANY(%s) AND result.seen <> '{}'
ON CONFLICT DO NOTHING
"""


def delete_expired_results() -> int:
    """Delete results past their expiry; returns how many, one batch.

    What they were made of is remembered as long as their conversation is there.
    """
    expired = StoredResult.objects.expired().order_by("expires_at")
    oldest = list(expired.values_list("pk", flat=True)[:BATCH])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_REMEMBER, [oldest])
        _rows, per_table = StoredResult.objects.filter(pk__in=oldest).delete()
    return per_table.get(StoredResult._meta.label, 0)


def delete_expired_grants() -> int:
    """Delete rights to run an approved query that expired, used or not; returns how many.

    The audit log keeps who approved and what ran.
    """
    expired = QueryGrant.objects.filter(expires_at__lte=Now() - GRANTS_KEPT).order_by("pk")
    oldest = list(expired.values_list("pk", flat=True)[:GRANTS_BATCH])
    return QueryGrant.objects.filter(pk__in=oldest).delete()[0]
