"""The pages of what was decided: history, its export, and statistics."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from approvals.history.forms import HistoryForm
from approvals.history.past import pasts_of
from approvals.history.search import (
    PAGE_SIZE,
    actions_in,
    csv_parts,
    found_for,
    history_of,
    recorded,
)
from approvals.history.statistics import outcomes_by_action
from approvals.models import ActionRequest
from approvals.querysets import ActionRequestQuerySet
from atlas.accounts.signed_in import person
from atlas.audit.events import AuditEvent
from atlas.audit.record import record


@login_required
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """What was decided, the newest first, 50 to a page."""
    form, found = _found(request)
    page = Paginator(found.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tab": "history",
        "form": form,
        "page": page,
        "rows": pasts_of(list(page), person(request)),
        "query": urlencode(form.wanted.filled),
    }
    return render(request, "approvals/history.html", context)


@login_required
@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """How the requests of each action ended, and how long people took."""
    form, found = _found(request)
    context = {
        "tab": "statistics",
        "form": form,
        "rows": outcomes_by_action(found),
        "query": urlencode(form.wanted.filled),
    }
    return render(request, "approvals/statistics.html", context)


@login_required
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All that the filter finds as CSV; the audit log says who took it."""
    form, found = _found(request)
    reader = person(request)
    newest = ActionRequest.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    record(
        AuditEvent.REQUESTS_EXPORTED,
        actor=reader,
        body={"format": "csv", "search": recorded(form.wanted), "newest": newest},
    )
    return StreamingHttpResponse(
        csv_parts(found.filter(pk__lte=newest), reader),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="approvals.csv"'},
    )


def _found(request: HttpRequest) -> tuple[HistoryForm, ActionRequestQuerySet]:
    reader = person(request)
    rows = history_of(reader)
    form = HistoryForm(request.GET, actions=actions_in(rows))
    return form, found_for(rows, form.wanted, reader)
