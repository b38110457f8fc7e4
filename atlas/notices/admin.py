"""Notices in Django admin: who was told what, to read."""

from django.contrib import admin

from atlas.common.read_only import ReadOnly
from atlas.notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnly, admin.ModelAdmin[Notice]):
    list_display = ["id", "person", "kind", "subject", "status", "created_at", "sent_at", "problem"]
    list_filter = ["status", "kind", "created_at"]
    search_fields = ["person__username", "subject", "problem"]
    list_select_related = ["person"]
    exclude = ["lease_owner", "lease_until"]
