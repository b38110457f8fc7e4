"""Stored results to take along, as CSV and as a workbook."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from atlas.accounts.signed_in import person
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.chat.export import Write, file_parts, write_csv, write_xlsx
from atlas.chat.visible import visible_result

FORMATS: dict[str, tuple[Write, str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        write_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@never_cache
@login_required
@require_GET
def result_file(request: HttpRequest, result_id: UUID, form: str) -> StreamingHttpResponse:
    """The whole stored result as a file; the audit log says who took it."""
    stored = visible_result(request, result_id)
    write, media_type = FORMATS[form]
    record(
        AuditEvent.RESULT_EXPORTED,
        actor=person(request),
        conversation_id=stored.conversation_id,
        subject=str(result_id),
        body={"rows": stored.row_count, "datasource": stored.datasource, "format": form},
    )
    name = f"result-{str(result_id)[:8]}.{form}"
    return StreamingHttpResponse(
        file_parts(stored, write),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
