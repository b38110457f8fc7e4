"""Requests in Django admin: a history to read, never to change."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from approvals.halt_admin import HaltAdmin
from approvals.models import ActionRequest, Vote
from atlas.common.read_only import ReadOnly


class VoteInline(ReadOnly, admin.TabularInline[Vote, ActionRequest]):
    model = Vote
    extra = 0
    fields = ["voter_name", "decision", "reason", "at"]


@admin.register(ActionRequest)
class ActionRequestAdmin(ReadOnly, admin.ModelAdmin[ActionRequest]):
    list_display = [
        "id",
        "verb",
        "status",
        "mode",
        "requester_name",
        "decided_by_name",
        "created_at",
        "finished_at",
    ]
    list_filter = ["status", "mode", "action", "created_at"]
    search_fields = ["verb", "requester_name", "decided_by_name"]
    date_hierarchy = "created_at"
    inlines = [VoteInline]
    readonly_fields = ["where"]
    # What the card shows by each person's own rights is not shown here without them, and of the
    # conversation neither title nor question.
    exclude = [
        "conversation",
        "question",
        "lease_owner",
        "lease_until",
        "awaited",
        "summary",
        "payload",
        "payload_hash",
        "why",
        "contract",
        "changes",
        "result",
        "error_text",
        "log",
    ]

    @admin.display(description=gettext_lazy("conversation"))
    def where(self, request: ActionRequest) -> str:
        return str(request.conversation_id or "")


__all__ = ["ActionRequestAdmin", "HaltAdmin", "VoteInline"]
