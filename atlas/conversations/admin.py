"""Conversations and runs in Django admin: whose, since when and in which status.

What people asked and what was answered is not shown: an admin reads it only as a participant.
"""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.common.read_only import ReadOnly
from atlas.conversations.enums import RunStatus
from atlas.conversations.models import Conversation, Participant, Run


def _name(request: HttpRequest, conversation: OuterRef, title: F) -> Case:
    """The title for an admin who takes part: it is often what somebody asked."""
    mine = Participant.objects.filter(conversation=conversation, user=request.user.pk)
    return Case(When(Exists(mine), then=title), default=None)


class RunInline(ReadOnly, admin.TabularInline[Run, Conversation]):
    model = Run
    extra = 0
    fields = ["kind", "status", "asked_by", "queued_at", "finished_at"]
    ordering = ["-queued_at"]
    show_change_link = True


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, admin.ModelAdmin[Conversation]):
    """Newest first, with the owner and how the last answer ended."""

    list_display = ["name", "owner", "last_status", "answers", "touched_at"]
    list_filter = ["touched_at"]
    search_fields = ["=id", "=participations__user__username"]
    fields = ["name", "owner", "people", "created_at", "touched_at"]
    inlines = [RunInline]
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        runs = Run.objects.filter(conversation=OuterRef("pk")).order_by("-queued_at")
        # Counted for the rows of one page: joined, it would be counted for all of them.
        counted = runs.order_by().values("conversation").annotate(n=Count("pk")).values("n")
        owners = Participant.objects.filter(conversation=OuterRef("pk"), is_owner=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                shown_name=_name(request, OuterRef("pk"), F("title")),
                owner_name=Subquery(owners.values("user__username")[:1]),
                newest_status=Subquery(runs.values("status")[:1]),
                run_count=Coalesce(Subquery(counted), 0),
            )
        )

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Conversation | None:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            # Headings and breadcrumbs say it too; nothing is ever saved from here.
            found.title = self.name(found)
        return found

    @admin.display(description=gettext_lazy("conversation"))
    def name(self, conversation: Conversation) -> str:
        return str(getattr(conversation, "shown_name", None) or conversation.pk)

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

    list_display = ["short_id", "status", "kind", "asked_by", "where", "queued_at", "took"]
    list_filter = ["status", "kind", "queued_at"]
    list_select_related = ["asked_by"]
    search_fields = ["=id", "=asked_by__username", "=conversation__id"]
    ordering = ["-queued_at"]
    # Neither question nor answer: both are what somebody said.
    fields = [
        "id",
        "where",
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        name = _name(request, OuterRef("conversation_id"), F("conversation__title"))
        return super().get_queryset(request).annotate(shown_name=name)

    @admin.display(description=gettext_lazy("conversation"))
    def where(self, run: Run) -> str:
        return str(getattr(run, "shown_name", None) or run.conversation_id)

    @admin.display(description=gettext_lazy("run"), ordering="id")
    def short_id(self, run: Run) -> str:
        return str(run.pk)[:8]

    @admin.display(description=gettext_lazy("took"))
    def took(self, run: Run) -> str:
        if run.started_at is None or run.finished_at is None:
            return ""
        span: timedelta = run.finished_at - run.started_at
        return _("%(seconds).1f s") % {"seconds": span.total_seconds()}
