"""The operator's view of plugins: status, latency, last report, and what can be done."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.common.errors import AtlasError
from atlas.common.read_only import ReadOnly
from plugins_app.host import lifecycle, operating, pages, registry
from plugins_app.host.calling import sync
from plugins_app.host.contexts import versions
from plugins_app.host.contexts.difference import difference
from plugins_app.host.contexts.fragments import Refreshed
from plugins_app.host.models import (
    ContextVersion,
    PluginMigration,
    PluginRepair,
    PluginState,
)
from plugins_app.host.sparkline import sparkline
from plugins_app.host.upkeep import fixing
from plugins_app.host.uses import uses_of


class StateList(ChangeList):
    """A page of plugins and processes, each with what uses the plugin."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        known = uses_of(registry.current().all()) if registry.is_running() else {}
        self.result_list = list(self.result_list)
        for state in self.result_list:
            state.uses = known.get(state.plugin_id, [])


@admin.register(PluginState)
class PluginStateAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """One row per plugin and process; the actions run in the process that serves the page."""

    list_display = (
        "plugin",
        "type_names",
        "standing",
        "latency",
        "message",
        "used_by",
        "process",
    )
    list_filter = ("status", "enabled", "healthy", "plugin_id")
    search_fields = ("plugin_id", "name", "message")
    actions = ("check_now", "refresh_context", "enable", "disable")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StateList]:
        return StateList

    @admin.display(description=gettext_lazy("plugin"), ordering="name")
    def plugin(self, state: PluginState) -> str:
        named = '{}<br><span class="quiet">{} {}</span>'
        return format_html(named, state.name, state.plugin_id, state.version)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def standing(self, state: PluginState) -> str:
        if not state.enabled:
            return _("disabled")
        label = state.get_status_display()
        if state.since is None:
            return label
        since = _("since %(moment)s") % {"moment": date_format(localtime(state.since), "j M H:i")}
        return format_html('{}<br><span class="quiet">{}</span>', label, since)

    @admin.display(description=gettext_lazy("types"))
    def type_names(self, state: PluginState) -> str:
        return ", ".join(state.types)

    @admin.display(description=gettext_lazy("latency"), ordering="latency_ms")
    def latency(self, state: PluginState) -> str:
        if state.latency_ms is None:
            return ""
        drawn = render_to_string(
            "admin/plugins/_sparkline.html", {"line": sparkline(state.latencies)}
        )
        return format_html("{} {} ms", drawn, f"{state.latency_ms:.0f}")

    @admin.display(description=gettext_lazy("used by"))
    def used_by(self, state: PluginState) -> str:
        return " ".join(getattr(state, "uses", []))

    @admin.action(description=gettext_lazy("Check now"), permissions=["view"])
    def check_now(self, request: HttpRequest, chosen: QuerySet[PluginState]) -> None:
        for plugin_id in _ids(chosen):
            self._try(request, plugin_id, self._check)

    @admin.action(description=gettext_lazy("Refresh context"), permissions=["view"])
    def refresh_context(
        self, request: HttpRequest, chosen: QuerySet[PluginState]
    ) -> HttpResponse | None:
        found = [
            refreshed
            for plugin_id in _ids(chosen.filter(types__contains=["context"]))
            if (refreshed := self._try(request, plugin_id, self._refresh)) is not None
        ]
        if not found:
            self.message_user(request, _("No context was refreshed."), messages.WARNING)
            return None
        shown = [{"refreshed": one, "lines": difference(one)} for one in found]
        page = self.admin_site.each_context(request)
        page |= {"title": _("Context refreshed"), "shown": shown, "opts": self.opts}
        return TemplateResponse(request, "plugins/admin_refreshed.html", page)

    @admin.action(description=gettext_lazy("Enable"), permissions=["view"])
    def enable(self, request: HttpRequest, chosen: QuerySet[PluginState]) -> None:
        self._switch(request, _ids(chosen), enabled=True)

    @admin.action(description=gettext_lazy("Disable"), permissions=["view"])
    def disable(self, request: HttpRequest, chosen: QuerySet[PluginState]) -> None:
        self._switch(request, _ids(chosen), enabled=False)

    def get_urls(self) -> list[URLPattern]:
        page = functools.partial(pages.plugin_page, site=self.admin_site)
        own = path(
            "plugin/<str:plugin_id>/", self.admin_site.admin_view(page), name="plugins_plugin"
        )
        return [own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One page for the plugin, whichever process the row is of."""
        state = self.get_object(request, object_id)
        if state is None or not registry.is_running():
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(pages.address(state.plugin_id))

    def _check(self, request: HttpRequest, plugin_id: str) -> None:
        operating.check(plugin_id)
        self.message_user(request, _("%(id)s is healthy.") % {"id": plugin_id})

    def _refresh(self, request: HttpRequest, plugin_id: str) -> Refreshed:
        return operating.refresh(plugin_id, by=request.user)

    def _switch(self, request: HttpRequest, plugin_ids: Iterable[str], *, enabled: bool) -> None:
        def switch(_request: HttpRequest, plugin_id: str) -> None:
            operating.switch(plugin_id, enabled=enabled, by=request.user)
            text = _("%(id)s is enabled.") if enabled else _("%(id)s is disabled.")
            self.message_user(request, text % {"id": plugin_id})

        for plugin_id in plugin_ids:
            self._try(request, plugin_id, switch)

    def _try(
        self, request: HttpRequest, plugin_id: str, work: Callable[[HttpRequest, str], Any]
    ) -> Any:
        try:
            return work(request, plugin_id)
        except AtlasError as error:
            self.message_user(request, f"{plugin_id}: {error.user_message}", messages.ERROR)
            return None


@admin.register(PluginRepair)
class PluginRepairAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Known problems, each with what it means and what to do."""

    list_display = ("page", "meaning", "what_fixes_it", "cure", "found_at")
    list_display_links = None
    list_filter = ("plugin_id", "area")

    @admin.display(description=gettext_lazy("plugin"), ordering="plugin_id")
    def page(self, repair: PluginRepair) -> str:
        if not repair.plugin_id:
            return _("the whole installation")
        return format_html('<a href="{}">{}</a>', pages.address(repair.plugin_id), repair.plugin_id)

    @admin.display(description=gettext_lazy("what fixes it"))
    def what_fixes_it(self, repair: PluginRepair) -> str:
        return render_to_string(
            "admin/plugins/_fix.html",
            {"repair": repair, "label": fixing.LABELS.get(repair.button), "in_form": True},
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, whose form also holds the buttons of its rows."""
        if request.method != "POST" or "fix" not in request.POST:
            return super().changelist_view(request, extra_context)
        try:
            self.message_user(request, fixing.fix(request.POST["fix"], by=request.user))
        except AtlasError as error:
            self.message_user(request, error.user_message, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())


@admin.register(ContextVersion)
class ContextVersionAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Texts that were in use; an operator can go back to one until the next refresh."""

    list_display = ("plugin_id", "loaded_at", "loaded_by", "took_ms", "text")
    list_filter = ("plugin_id",)
    actions = ("go_back",)

    @admin.action(description=gettext_lazy("Go back to this version"), permissions=["view"])
    def go_back(self, request: HttpRequest, chosen: QuerySet[ContextVersion]) -> None:
        if chosen.count() != 1:
            self.message_user(request, _("Choose one version."), messages.WARNING)
            return
        version = chosen.get()
        versions.revert(version.plugin_id, version.pk, by=request.user)
        try:
            sync.run(lifecycle.apply_settings(), timeout_s=60)
        except AtlasError as error:
            self.message_user(request, error.user_message, messages.ERROR)
            return
        text = _("%(id)s uses this version until the next refresh.")
        self.message_user(request, text % {"id": version.plugin_id})


@admin.register(PluginMigration)
class PluginMigrationAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """The log of statements that made plugin tables."""

    list_display = ("plugin_id", "table_name", "applied_at")
    list_filter = ("plugin_id",)


def _ids(chosen: QuerySet[PluginState]) -> list[str]:
    return sorted(set(chosen.values_list("plugin_id", flat=True)))
