"""What becomes of stored results: they are deleted when they expire."""

from atlas.datasources.models import StoredResult

# Rows may be megabytes each, so a batch stays small.
BATCH = 200


def delete_expired_results() -> int:
    """Delete results past their expiry; returns how many, one batch."""
    expired = StoredResult.objects.expired().order_by("expires_at")
    oldest = list(expired.values_list("pk", flat=True)[:BATCH])
    _rows, per_table = StoredResult.objects.filter(pk__in=oldest).delete()
    return per_table.get(StoredResult._meta.label, 0)
