"""The page on which a person names who decides for them while they are away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from atlas.accounts import absences
from atlas.accounts.forms import AwayForm
from atlas.accounts.signed_in import person
from atlas.common.errors import AtlasError, NotFound


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """Who stands in for the person, for whom the person stands in, and the form for one more."""
    user = person(request)
    form = AwayForm(request.POST or None, initial={"first_day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            absences.name_delegate(
                user,
                username=form.cleaned_data["username"],
                starts_at=form.starts_at,
                ends_at=form.ends_at,
            )
        except AtlasError as error:
            form.add_error(None, error.user_message)
        else:
            messages.success(request, _("It is noted. Your colleague decides from that day on."))
            return redirect("accounts:away")
    context = {
        "form": form,
        "coming": absences.coming(user),
        "covered": absences.covered_by(user),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/away.html", context, status=status)


@login_required
@require_POST
def back(request: HttpRequest, absence_id: int) -> HttpResponse:
    """End one of the person's own entries."""
    try:
        absences.end_absence(absence_id, by=person(request))
    except NotFound as error:
        raise Http404(error.user_message) from None
    messages.success(request, _("It is ended. You decide for yourself again."))
    return redirect("accounts:away")
