"""What is past its time: notices that were sent or given up long ago."""

from datetime import timedelta

from django.db.models.functions import Now

from atlas.notices.models import Notice, NoticeStatus

# Longer than anything waits: a notice that is deleted too early would be sent once more.
KEPT = timedelta(days=180)
BATCH = 1000


def delete_old_notices() -> int:
    """Delete one batch of notices that ended long ago; returns how many."""
    old = Notice.objects.filter(created_at__lt=Now() - KEPT)
    ended = old.exclude(status__in=[NoticeStatus.WAITING, NoticeStatus.SENDING])
    ids = list(ended.order_by("id").values_list("pk", flat=True)[:BATCH])
    Notice.objects.filter(pk__in=ids).delete()
    return len(ids)
