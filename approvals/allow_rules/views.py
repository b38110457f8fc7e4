"""The pages of allow rules: their list, the editor that a card fills, and the way to end one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from approvals.allow_rules import allowing
from approvals.allow_rules.allowances import Allowance, bar_of
from approvals.allow_rules.dry_runs import dry_run
from approvals.allow_rules.forms import AllowForm
from approvals.allow_rules.lists import listed_rules
from approvals.allow_rules.models import AllowRule
from approvals.allow_rules.words import wanted_in_words
from approvals.cards.withholding import as_seen_by
from approvals.enums import Kind, Mode
from approvals.models import ActionRequest
from approvals.pages import answers
from approvals.rules.explaining import required_now
from atlas.accounts.models import User
from atlas.accounts.signed_in import person
from atlas.common.errors import AtlasError, NotFound
from atlas.common.htmx import page_or_part, wants_part
from atlas.common.statuses import status_of


@login_required
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule: those in force, and those that ended."""
    _admin(request)
    in_force, ended = listed_rules()
    context = {"in_force": in_force, "ended": ended}
    return render(request, "approvals/allow_rules.html", context)


@page_or_part
@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The editor, filled from the card that `request` names."""
    _admin(request)
    number = request.POST.get("request") or request.GET.get("request") or ""
    if not number.isdecimal():
        raise Http404
    return _editor(request, answers.visible(request, int(number)), None)


@page_or_part
@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor, filled from a rule; what is saved replaces it."""
    _admin(request)
    rule = get_object_or_404(AllowRule.objects.select_related("made_from", "asker"), pk=pk)
    source = rule.made_from
    if source is None or rule.revoked_at is not None:
        raise Http404
    return _editor(request, source, rule)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a rule at once."""
    try:
        allowing.revoke(pk, by=_admin(request))
    except NotFound as error:
        raise Http404(error.user_message) from None
    return redirect("approvals:rules")


def _editor(request: HttpRequest, source: ActionRequest, rule: AllowRule | None) -> HttpResponse:
    admin = _admin(request)
    bar = _bar(source, admin)
    if bar:
        return render(request, "approvals/allow_edit.html", {"asked": source, "bar": bar})
    form = AllowForm(source, rule, request.POST or None)
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 400
    elif request.POST.get("do") == "save" and not wants_part(request):
        try:
            saved = _saved(source, rule, form, admin)
        except AtlasError as error:
            form.add_error(None, error.user_message)
            status = status_of(error)
        else:
            return redirect(f"{reverse('approvals:rules')}#rule-{saved.pk}")
    return _page(request, source, rule, form, status)


def _saved(
    source: ActionRequest, rule: AllowRule | None, form: AllowForm, admin: User
) -> AllowRule:
    if rule is None:
        return allowing.make(source, form.wanted, by=admin)
    return allowing.change(rule.pk, source, form.wanted, by=admin)


def _page(
    request: HttpRequest,
    source: ActionRequest,
    rule: AllowRule | None,
    form: AllowForm,
    status: int,
) -> HttpResponse:
    address = reverse("approvals:rule", args=[rule.pk]) if rule else reverse("approvals:rule-new")
    context = {
        "asked": source,
        "rule": rule,
        "form": form,
        "address": address,
        **_check(source, rule, form, person(request)),
    }
    if wants_part(request):
        # What is half typed is no mistake yet: the part below is drawn anew, and no error shown.
        return render(request, "approvals/_allow_check.html", context)
    return render(request, "approvals/allow_edit.html", context, status=status)


def _check(
    source: ActionRequest, rule: AllowRule | None, form: AllowForm, viewer: User
) -> dict[str, Any]:
    """The rule in words and what it would have done, as the form stands; a name may come later."""
    filled = {name: form[name].value() for name in form.fields}
    drafted = AllowForm(source, rule, {**filled, "name": filled["name"] or "-"})
    if not drafted.is_valid():
        return {"is_incomplete": True}
    allowance = Allowance(
        source.action,
        source.plugin_id,
        source.fingerprint,
        drafted.conditions,
        drafted.asker.pk if drafted.asker is not None else None,
    )
    return {
        "words": wanted_in_words(source, drafted.wanted),
        "dry_run": dry_run(allowance, viewer),
        "is_too_wide": not drafted.conditions,
    }


def _bar(source: ActionRequest, admin: User) -> str:
    """Why no rule may decide requests like this one; empty when one may."""
    if not ActionRequest.objects.visible_to(admin).filter(pk=source.pk).exists():
        return _("You may not open the card that this rule was made of. You can end the rule.")
    if as_seen_by(source, admin) is not source:
        return _("Some of it is withheld from you, so you cannot make a rule of it.")
    if source.kind != Kind.ACTION:
        return _("Sensitive queries are looked at each time.")
    if source.as_mode is Mode.AUTO:
        return _("No person decided this, so there is nothing to allow.")
    bar = bar_of(required_now(source))
    return str(bar.label) if bar is not None else ""


def _admin(request: HttpRequest) -> User:
    found = person(request)
    if not found.is_atlas_admin:
        raise PermissionDenied
    return found
