"""The audit log in the admin: to search, to read and to take along; nobody changes it."""

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.audit.events import AuditEvent
from atlas.audit.listing import AuditList, NewestPaginator
from atlas.audit.models import AuditEntry, AuditSeal
from atlas.audit.reading import shown_body, shown_name, shown_subject
from atlas.audit.record import record
from atlas.audit.rows import csv_parts
from atlas.audit.searching import AuditSearch
from atlas.audit.telling import ENDED, endings, told
from atlas.common.read_only import ReadOnly


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, admin.ModelAdmin[AuditEntry]):
    """Newest first; the database refuses changes as well."""

    list_display = ("at", "happened", "who", "about", "details", "conversation_id")
    list_display_links = ("at",)
    sortable_by = ()
    ordering = ("-id",)
    show_full_result_count = False
    paginator = NewestPaginator
    list_per_page = 50
    actions = None
    fields = readonly_fields = (
        "at",
        "happened",
        "who",
        "actor_id",
        "about",
        "conversation_id",
        "belonging",
        "place",
        "contents",
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AuditList]:
        return AuditList

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        mine = [path("export/", export, name="audit_auditentry_export")]
        return mine + super().get_urls()

    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """All entries that the search finds as CSV; that they were taken is recorded."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        search = AuditSearch(request.GET)
        found = search.narrow(AuditEntry.objects.all())
        with transaction.atomic():
            newest = found.order_by("-id").values_list("id", flat=True).first() or 0
            record(
                AuditEvent.AUDIT_EXPORTED,
                actor=request.user,
                body={"format": "csv", "search": search.recorded, "newest": newest},
            )
        return StreamingHttpResponse(
            csv_parts(found.filter(pk__lte=newest)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
        )

    @admin.display(description=gettext_lazy("what happened"))
    def happened(self, entry: AuditEntry) -> str:
        known = entry.event in AuditEvent.values
        return str(AuditEvent(entry.event).label) if known else entry.event

    @admin.display(description=gettext_lazy("person"))
    def who(self, entry: AuditEntry) -> str:
        return shown_name(entry)

    @admin.display(description=gettext_lazy("subject"))
    def about(self, entry: AuditEntry) -> str:
        return shown_subject(entry)

    @admin.display(description=gettext_lazy("details"))
    def details(self, entry: AuditEntry) -> str:
        text = told(entry, getattr(entry, "ending", None))
        if entry.event in ENDED and entry.body.get("intent"):
            return _linked(entry.body["intent"], text)
        return text

    @admin.display(description=gettext_lazy("belongs to"))
    def belonging(self, entry: AuditEntry) -> str:
        """The end of a query, or its beginning."""
        if ending := endings([entry]).get(entry.pk):
            return _linked(ending.pk, told(ending))
        intent = entry.body.get("intent") if entry.event in ENDED else None
        begun = AuditEntry.objects.filter(pk=intent).first() if intent else None
        return _linked(begun.pk, told(begun, entry)) if begun else ""

    @admin.display(description=gettext_lazy("place in the chain"))
    def place(self, entry: AuditEntry) -> str:
        number = AuditSeal.objects.filter(entry_id=entry.pk).values_list("number", flat=True)
        return str(next(iter(number), _("not sealed yet")))

    @admin.display(description=gettext_lazy("contents"))
    def contents(self, entry: AuditEntry) -> str:
        text = json.dumps(shown_body(entry), indent=2, ensure_ascii=False)
        return format_html('<pre class="contents">{}</pre>', text)


def _linked(number: int, text: str) -> str:
    address = reverse("admin:audit_auditentry_change", args=[number])
    return format_html('<a href="{}">{}</a>', address, text)
