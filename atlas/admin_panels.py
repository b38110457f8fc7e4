"""The three panels on the first page of the admin site; a missing piece leaves a gap, no error."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from django.db import Error, transaction
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.timesince import timesince
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.enums import Kind, Status
from approvals.models import ActionRequest
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.audit.reading import shown_name, shown_subject
from atlas.conversations.enums import RunKind, RunStatus
from atlas.conversations.models import Run
from atlas.datasources.broken_files import broken_files
from atlas.datasources.models import SemanticVersion
from atlas.demo import place
from atlas.env import environment
from atlas.notices.outbox import latest_problems
from plugins_app.host.models import PluginRepair, PluginState
from plugins_app.host.status import PluginStatus
from plugins_app.host.upkeep.mirror import FORGET_AFTER
from plugins_app.host.upkeep.repairs import INSTALLATION, LOGIN

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(hours=24)
NEWEST_ENTRIES = 8
_SIGNS = {"done": "check", "failed": "cross", "waiting": "clock", "unknown": "question"}


@dataclass(frozen=True)
class Line:
    """One fact of a panel; `tone` is one of the four meanings, or nothing."""

    text: str
    tone: str = ""
    url: str = ""
    note: str = ""

    @property
    def sign(self) -> str:
        """The shape that goes with the tone, since colour alone tells nothing."""
        return _SIGNS.get(self.tone, "")


@dataclass(frozen=True)
class Panel:
    name: str
    title: str
    lines: list[Line]
    empty: str


def panels() -> list[Panel]:
    """What needs a hand, how the parts are, and what happened in the last day."""
    return [
        Panel("hand", _("Needs a hand"), _read(_needs_a_hand), _("Nothing waits for you.")),
        Panel("health", _("Health"), _read(_health), _("No process has reported its plugins yet.")),
        Panel("activity", _("Activity in 24 hours"), _read(_activity), _("Nothing happened.")),
    ]


def _read(lines: Callable[[], list[Line]]) -> list[Line]:
    try:
        with transaction.atomic():
            return lines()
    except Error:
        return [
            Line(_("This could not be read from the database; see the server's log."), "failed")
        ]


def _needs_a_hand() -> list[Line]:
    requests = ActionRequest.objects
    unclear = requests.filter(status__in=[Status.UNKNOWN, Status.ROLLBACK_UNKNOWN])
    # A request to undo another one is as unclear as that one, which is cleared up for both.
    unknown = unclear.exclude(kind=Kind.ROLLBACK).count()
    waiting = requests.pending().count()
    # Problems of plugins that are unhealthy have a line of their own.
    hosted = Q(area=LOGIN, plugin_id__in=_alive().values("plugin_id"))
    known = PluginRepair.objects.filter(Q(plugin_id=INSTALLATION) | hosted)
    found = [
        _counted(
            ngettext("%d action with unknown outcome", "%d actions with unknown outcome", unknown),
            unknown,
            "unknown",
            _list("approvals_actionrequest", "status__exact=unknown"),
        ),
        _counted(
            ngettext("%d request waits for approval", "%d requests wait for approval", waiting),
            waiting,
            "waiting",
            _address("approvals:queue"),
        ),
    ]
    found += [Line(one.meaning, "failed", _list("plugins_pluginrepair", "")) for one in known]
    return [line for line in found if line] + _unhealthy() + _broken_layers() + _broken_runs()


def _unhealthy() -> list[Line]:
    url = _list("plugins_pluginstate", "healthy__exact=0")
    ill = _alive().filter(enabled=True, status=PluginStatus.UNHEALTHY).order_by("name", "seen_at")
    # Once for each plugin, with the newest message of all processes.
    newest = {state.plugin_id: state for state in ill}
    return [
        Line(_("Plugin %(name)s is unhealthy") % {"name": state.name}, "failed", url, state.message)
        for state in newest.values()
    ]


def _broken_layers() -> list[Line]:
    """Files of semantic layers that cannot be used, with the first file and line."""
    found = []
    for broken in broken_files():
        text = _("The files of the semantic layer of %s are broken; the last good one is used")
        note = broken.problems[0] if broken.problems else ""
        if more := len(broken.problems[1:]):
            counted = ngettext(
                "%(first)s (and %(more)d more)", "%(first)s (and %(more)d more)", more
            )
            note = counted % {"first": note, "more": more}
        url = _address("admin:audit_auditentry_change", broken.entry_id)
        found.append(Line(text % broken.datasource, "failed", url, note))
    return found


def _broken_runs() -> list[Line]:
    recent = Run.objects.filter(finished_at__gt=now() - DAY)
    failed = recent.filter(status=RunStatus.FAILED).count()
    cut = recent.filter(status=RunStatus.INTERRUPTED, continuation=None).count()
    found = [
        _counted(
            ngettext("%d answer failed in 24 hours", "%d answers failed in 24 hours", failed),
            failed,
            "failed",
            _list("conversations_run", "status__exact=failed"),
        ),
        _counted(
            ngettext("%d answer was interrupted", "%d answers were interrupted", cut),
            cut,
            "waiting",
            _list("conversations_run", "status__exact=interrupted"),
        ),
    ]
    return [line for line in found if line]


def _health() -> list[Line]:
    states = _alive().order_by("name", "plugin_id", "-seen_at")
    groups = groupby(states, key=lambda state: (state.name, state.plugin_id))
    lines = [_plugin_line(list(members)) for _key, members in groups]
    newest = SemanticVersion.objects.defer("layer").first()
    if newest is not None:
        note = _("version %(digest)s") % {"digest": newest.digest[:8]}
        lines.append(Line(_("Semantic layer of %s") % newest.datasource, "done", note=note))
    return [*lines, _notices_line()]


def _notices_line() -> Line:
    """Whether people are told by email, and what could not be sent."""
    problems = latest_problems()
    url = _list("notices_notice", "")
    if problems:
        counted = [f"{count} {status.label}" for status, count in problems.items()]
        return Line(_("Email notices have problems"), "failed", url, ", ".join(counted))
    env = environment()
    if env.mail_url is None and not place.is_on(env):
        return Line(_("Email notices are off"), note=_("set ATLAS_MAIL_URL to switch them on"))
    return Line(_("Email notices are on"), "done", url)


def _plugin_line(states: list[PluginState]) -> Line:
    """One line for a plugin in all processes; one unhealthy process makes it unhealthy."""
    state = next((one for one in states if one.enabled and not one.healthy), states[0])
    url = _list("plugins_pluginstate", f"plugin_id__exact={state.plugin_id}")
    if not state.enabled:
        return Line(_("%s is switched off") % state.name, "", url)
    if state.healthy:
        return Line(_("%s is healthy") % state.name, "done", url, _how(states))
    label = PluginStatus(state.status).label.lower()
    note = " · ".join(part for part in (state.message, _how(states)) if part)
    return Line(f"{state.name}: {label}", "failed", url, note)


def _how(states: list[PluginState]) -> str:
    """The slowest answer, in how many processes, and since when that is known."""
    latencies = [one.latency_ms for one in states if one.latency_ms is not None]
    checks = [one.checked_at for one in states if one.checked_at is not None]
    ill = sum(not one.healthy for one in states)
    count = ngettext("%d process", "%d processes", len(states)) % len(states)
    parts = [
        _("%.0f ms") % max(latencies) if latencies else "",
        _("%(ill)d of %(count)s") % {"ill": ill, "count": count} if ill else count,
        _checked(min(checks)) if checks else "",
    ]
    return " · ".join(part for part in parts if part)


def _checked(moment: dt.datetime) -> str:
    if now() - moment < MINUTE:
        return _("checked just now")
    return _("checked %(span)s ago") % {"span": timesince(moment, depth=1)}


def _activity() -> list[Line]:
    since = now() - DAY
    asked = Run.objects.filter(queued_at__gt=since, kind=RunKind.QUESTION)
    questions, people = asked.count(), asked.values("asked_by").distinct().count()
    done = ActionRequest.objects.filter(Q(finished_at__gt=since), status=Status.EXECUTED).count()
    lines = []
    if questions:
        text = ngettext("%d question", "%d questions", questions) % questions
        by = ngettext("by %d person", "by %d people", people) % people
        lines.append(Line(text, note=by))
    if done:
        lines.append(Line(ngettext("%d action was done", "%d actions were done", done) % done))
    return lines + [
        _entry_line(entry) for entry in AuditEntry.objects.order_by("-id")[:NEWEST_ENTRIES]
    ]


def _entry_line(entry: AuditEntry) -> Line:
    url = _address("admin:audit_auditentry_change", entry.pk)
    known = entry.event in AuditEvent.values
    what = AuditEvent(entry.event).label if known else entry.event
    return Line(f"{shown_name(entry) or 'Atlas'}: {what}", "", url, shown_subject(entry))


def _alive() -> QuerySet[PluginState]:
    return PluginState.objects.filter(seen_at__gt=now() - FORGET_AFTER)


def _counted(text: str, count: int, tone: str, url: str) -> Line | None:
    return Line(text % count, tone, url) if count else None


def _list(model: str, query: str) -> str:
    address = _address(f"admin:{model}_changelist")
    return f"{address}?{query}" if address else ""


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
