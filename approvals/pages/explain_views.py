"""The page that says why a request is decided the way it is, and by whom."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from approvals.cards.withholding import as_seen_by
from approvals.models import ActionRequest
from approvals.pages import answers
from approvals.rules.explaining import explain, try_as
from approvals.rules.groups import steps_in_words
from atlas.accounts.models import User
from atlas.accounts.signed_in import person
from atlas.common.jsonable import clean_text


@login_required
@require_GET
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """Explain a request to whoever may see its card; an admin may name another person."""
    asked, viewer = answers.visible(request, pk), person(request)
    explained = explain(asked, viewer)
    context = {
        "asked": as_seen_by(asked, viewer),
        "explained": explained,
        "steps": steps_in_words(explained.required.steps),
        **_tried(asked, viewer, clean_text(request.GET.get("person", "")).strip()),
    }
    return render(request, "approvals/explain.html", context)


def _tried(asked: ActionRequest, viewer: User, name: str) -> dict[str, object]:
    if not viewer.is_atlas_admin:
        return {}
    found: dict[str, object] = {"may_try": True, "name": name}
    if not name:
        return found
    other = User.objects.filter(username=name, is_active=True).first()
    if other is None:
        problem = _("There is no active person with this user name. Check how it is written.")
        return {**found, "problem": problem}
    tried = try_as(asked, other)
    return {**found, "tried": tried, "tried_steps": steps_in_words(tried.required.steps)}
