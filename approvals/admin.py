"""Requests in Django admin: a history to read, never to change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from approvals.models import ActionRequest, Vote


class ReadOnly:
    """Nobody adds, changes or deletes here; decisions go through the cards."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_atlas_admin", False))


class VoteInline(ReadOnly, admin.TabularInline[Vote, ActionRequest]):
    model = Vote
    extra = 0
    fields = ["voter_name", "decision", "reason", "at"]


@admin.register(ActionRequest)
class ActionRequestAdmin(ReadOnly, admin.ModelAdmin[ActionRequest]):
    list_display = [
        "id",
        "summary",
        "status",
        "mode",
        "requester_name",
        "decided_by_name",
        "created_at",
        "finished_at",
    ]
    list_filter = ["status", "mode", "action", "created_at"]
    search_fields = ["summary", "requester_name", "decided_by_name", "=payload_hash"]
    date_hierarchy = "created_at"
    inlines = [VoteInline]
    exclude = ["lease_owner", "lease_until", "awaited", "payload"]
