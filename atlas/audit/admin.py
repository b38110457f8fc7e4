"""The audit log in the admin: a list to filter and read; nobody changes it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.audit.reading import shown_name, shown_subject
from atlas.common.read_only import ReadOnly


class EventFilter(admin.SimpleListFilter):
    """By event, from the list of known names: no look through the whole table."""

    title = "event"
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(AuditEvent.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(event=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, admin.ModelAdmin[AuditEntry]):
    """Newest first; the database refuses changes as well."""

    list_display = ("at", "event", "who", "what", "conversation_id")
    list_filter = (EventFilter, "at")
    search_fields = ("=actor_name", "subject", "=conversation_id")
    ordering = ("-id",)
    # Counting a log of millions of entries would take longer than reading a page of it.
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description=gettext_lazy("person"))
    def who(self, entry: AuditEntry) -> str:
        return shown_name(entry)

    @admin.display(description=gettext_lazy("subject"))
    def what(self, entry: AuditEntry) -> str:
        return shown_subject(entry)
