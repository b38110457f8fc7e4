"""The page of one plugin in the administration: how it is, its options, and what can be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from plugins_app.host import operating, registry
from plugins_app.host.facets import actions, backends, transports
from plugins_app.host.models import PluginConfigVersion, PluginRepair, PluginSetting, PluginState
from plugins_app.host.options import overrides
from plugins_app.host.options.forms import OptionForm
from plugins_app.host.options.overrides import Change
from plugins_app.host.options.vault import SecretUnreadable
from plugins_app.host.registry import Entry
from plugins_app.host.sparkline import Sparkline, sparkline
from plugins_app.host.upkeep import fixing, leases
from plugins_app.host.uses import uses

SHOWN_VERSIONS = 10


@dataclass(frozen=True)
class Process:
    """What one process says about the plugin."""

    state: PluginState
    line: Sparkline | None


@dataclass(frozen=True)
class Version:
    """One stored configuration, with what it changed; `problem` when it cannot be read."""

    row: PluginConfigVersion
    changes: Sequence[Change] = ()
    problem: str = ""


def plugin_page(request: HttpRequest, plugin_id: str, *, site: AdminSite) -> HttpResponse:
    """Show a plugin, or do what was asked and show it again."""
    entry = _entry(plugin_id)
    if request.method != "POST":
        return _shown(request, entry, OptionForm(entry.plugin, _stored(plugin_id)), site)
    work = DOINGS.get(request.POST.get("do", ""))
    if work is not None:
        _try(request, lambda: work(request, entry))
        return HttpResponseRedirect(address(plugin_id))
    form = OptionForm(entry.plugin, _stored(plugin_id), request.POST)
    if form.is_valid() and _configured(request, entry, form):
        return HttpResponseRedirect(address(plugin_id))
    return _shown(request, entry, form, site)


def address(plugin_id: str) -> str:
    """Return the address of a plugin's page."""
    return reverse("admin:plugins_plugin", args=[plugin_id])


def _configured(request: HttpRequest, entry: Entry, form: OptionForm) -> bool:
    try:
        number = operating.configure(entry.plugin, form.values, by=request.user)
    except AtlasError as error:
        form.add_error(None, error.user_message)
        return False
    messages.success(request, _("Version %(number)s is stored and in use.") % {"number": number})
    return True


def _check(request: HttpRequest, entry: Entry) -> None:
    operating.check(entry.id)
    messages.success(request, _("%(id)s is healthy.") % {"id": entry.id})


def _enable(request: HttpRequest, entry: Entry) -> None:
    operating.switch(entry.id, enabled=True, by=request.user)
    messages.success(request, _("%(id)s is enabled.") % {"id": entry.id})


def _disable(request: HttpRequest, entry: Entry) -> None:
    operating.switch(entry.id, enabled=False, by=request.user)
    messages.success(request, _("%(id)s is disabled.") % {"id": entry.id})


def _refresh(request: HttpRequest, entry: Entry) -> None:
    refreshed = operating.refresh(entry.id, by=request.user)
    if refreshed.error:
        raise AtlasError(refreshed.error)
    changed = _("The context changed.") if refreshed.changed else _("Nothing changed.")
    messages.success(request, changed)


def _revert(request: HttpRequest, entry: Entry) -> None:
    wanted = request.POST.get("version", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 0
    stored = operating.go_back(entry.plugin, number, by=request.user)
    messages.success(request, _("Version %(number)s is stored and in use.") % {"number": stored})


def _fix(request: HttpRequest, _entry: Entry) -> None:
    messages.success(request, fixing.fix(request.POST.get("repair", ""), by=request.user))


DOINGS: dict[str, Callable[[HttpRequest, Entry], None]] = {
    "check": _check,
    "enable": _enable,
    "disable": _disable,
    "refresh": _refresh,
    "revert": _revert,
    "fix": _fix,
}


def _try(request: HttpRequest, work: Callable[[], None]) -> None:
    try:
        work()
    except AtlasError as error:
        messages.error(request, error.user_message)


def _entry(plugin_id: str) -> Entry:
    try:
        return registry.current().get(plugin_id)
    except AtlasError as error:
        raise Http404(error.user_message) from None


def _stored(plugin_id: str) -> dict[str, Any]:
    row = _versions(plugin_id).first()
    try:
        return dict(overrides.unpacked(row).values) if row else {}
    except SecretUnreadable:
        # The page says so under the repairs; the secret has to be entered anew.
        return dict(row.options) if row else {}


def _versions(plugin_id: str) -> QuerySet[PluginConfigVersion]:
    return PluginConfigVersion.objects.filter(plugin_id=plugin_id).order_by("-number")


def _version(entry: Entry, row: PluginConfigVersion) -> Version:
    try:
        return Version(row, overrides.difference(entry.plugin, row.number - 1, row.number))
    except AtlasError as error:
        return Version(row, problem=error.user_message)


def _shown(
    request: HttpRequest, entry: Entry, form: OptionForm, site: AdminSite
) -> TemplateResponse:
    states = PluginState.objects.filter(plugin_id=entry.id).order_by("process")
    setting = PluginSetting.objects.filter(plugin_id=entry.id).first()
    rows = _versions(entry.id)[:SHOWN_VERSIONS]
    page = site.each_context(request) | {
        "title": entry.plugin.label,
        "opts": PluginState._meta,
        "plugin": entry.plugin,
        "enabled": setting.enabled if setting else True,
        "missing": actions.missing_credentials(entry.plugin, registry.current().variables),
        "setting": setting,
        "form": form,
        "processes": [Process(state, sparkline(state.latencies)) for state in states],
        "lease": leases.holder(transports.lease_of(entry.id)),
        "uses": uses(entry),
        "sandbox": entry.plugin.sandbox,
        "selection": backends.selection() if entry.plugin.sandbox else None,
        "repairs": [
            {"row": row, "label": fixing.LABELS.get(row.button)}
            for row in PluginRepair.objects.filter(plugin_id=entry.id)
        ],
        "versions": [_version(entry, row) for row in rows],
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/plugins/plugin.html", page, status=status)
