"""Conversations and runs in Django admin: whose, since when and in which status.

What people asked and what was answered is not shown: an admin reads it only as a participant.
"""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.common.read_only import ReadOnly
from atlas.conversations.enums import RunStatus
from atlas.conversations.models import Conversation, Participant, Run


class RunInline(ReadOnly, admin.TabularInline[Run, Conversation]):
    model = Run
    extra = 0
    fields = ["kind", "status", "asked_by", "queued_at", "finished_at"]
    ordering = ["-queued_at"]
    show_change_link = True


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, admin.ModelAdmin[Conversation]):
    """Newest first, with the owner and how the last answer ended."""

    list_display = ["title", "owner", "last_status", "answers", "touched_at"]
    list_filter = ["touched_at"]
    search_fields = ["title", "=participations__user__username"]
    fields = ["title", "owner", "people", "created_at", "touched_at"]
    inlines = [RunInline]
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        runs = Run.objects.filter(conversation=OuterRef("pk")).order_by("-queued_at")
        owners = Participant.objects.filter(conversation=OuterRef("pk"), is_owner=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                owner_name=Subquery(owners.values("user__username")[:1]),
                newest_status=Subquery(runs.values("status")[:1]),
                run_count=Count("runs"),
            )
        )

    @admin.display(description=gettext_lazy("owner"), ordering="owner_name")
    def owner(self, conversation: Conversation) -> str:
        return str(getattr(conversation, "owner_name", None) or "")

    @admin.display(description=gettext_lazy("last answer"), ordering="newest_status")
    def last_status(self, conversation: Conversation) -> str:
        status = getattr(conversation, "newest_status", None)
        return str(RunStatus(status).label) if status else ""

    @admin.display(description=gettext_lazy("runs"), ordering="run_count")
    def answers(self, conversation: Conversation) -> int:
        return int(getattr(conversation, "run_count", 0))

    @admin.display(description=gettext_lazy("people"))
    def people(self, conversation: Conversation) -> str:
        names = conversation.participations.order_by("-is_owner", "user__username")
        return ", ".join(names.values_list("user__username", flat=True))


@admin.register(Run)
class RunAdmin(ReadOnly, admin.ModelAdmin[Run]):
    """Newest first, with how long each took."""

    list_display = ["short_id", "status", "kind", "asked_by", "conversation", "queued_at", "took"]
    list_filter = ["status", "kind", "queued_at"]
    list_select_related = ["asked_by", "conversation"]
    search_fields = ["=id", "=asked_by__username", "=conversation__id"]
    ordering = ["-queued_at"]
    # Neither question nor answer: both are what somebody said.
    fields = [
        "id",
        "conversation",
        "asked_by",
        "kind",
        "status",
        "stop_requested",
        "queued_at",
        "started_at",
        "finished_at",
        "lease_owner",
        "semantic_version_id",
    ]
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description=gettext_lazy("run"), ordering="id")
    def short_id(self, run: Run) -> str:
        return str(run.pk)[:8]

    @admin.display(description=gettext_lazy("took"))
    def took(self, run: Run) -> str:
        if run.started_at is None or run.finished_at is None:
            return ""
        span: timedelta = run.finished_at - run.started_at
        return _("%(seconds).1f s") % {"seconds": span.total_seconds()}
