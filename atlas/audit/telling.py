"""Audit entries in a line of words: what was asked, what came of it, and what belongs together."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry

STARTED = (AuditEvent.QUERY_STARTED.value, AuditEvent.EXPLORE_STARTED.value)
ENDED = (AuditEvent.QUERY_ENDED.value, AuditEvent.EXPLORE_ENDED.value)
SHORT = 160
# Left out of the line of words: they say much and tell little.
LONG = frozenset({"arguments", "digest", "keys", "payload_hash", "sql", "sql_sent"})
OUTCOMES = {
    "ok": gettext_lazy("ended well"),
    "failed": gettext_lazy("failed"),
    "cancelled": gettext_lazy("cancelled"),
}


def endings(entries: Iterable[AuditEntry]) -> dict[int, AuditEntry]:
    """How the queries and commands among `entries` ended, by the id of their intent."""
    started = [entry.pk for entry in entries if entry.event in STARTED]
    if not started:
        return {}
    intent = Cast(KT("body__intent"), BigIntegerField())
    ended = AuditEntry.objects.filter(event__in=ENDED).alias(intent=intent)
    return {entry.body["intent"]: entry for entry in ended.filter(intent__in=started)}


def told(entry: AuditEntry, ending: AuditEntry | None = None) -> str:
    """What an entry says, at most some 200 characters; `ending` is that of its query."""
    body = entry.body
    if entry.event in STARTED:
        asked = _text(body.get("sql_sent") or body.get("command_sent") or "")
        came = _outcome(ending.body) if ending else _("no end is recorded")
        return f"{_short(asked)} → {came}"
    if entry.event in ENDED:
        return _("%(outcome)s, of entry %(intent)s") % {
            "outcome": _outcome(body),
            "intent": body.get("intent", "?"),
        }
    if "reason" in body and ("sql" in body or "command" in body):
        asked = _text(body.get("sql") or body.get("command"))
        return f"{_short(asked)} → {_text(body['reason'])}"
    return _short(", ".join(_pairs(body)))


def _outcome(body: dict[str, Any]) -> str:
    outcome = str(body.get("outcome", "?"))
    parts = [str(OUTCOMES.get(outcome, outcome))]
    if outcome == "ok" and isinstance(rows := body.get("rows"), int):
        parts.append(ngettext("%d row", "%d rows", rows) % rows)
        if body.get("truncated"):
            parts.append(_("there were more"))
    if body.get("code"):
        parts.append(str(body["code"]))
    if isinstance(body.get("ms"), int):
        parts.append(_("%d ms") % body["ms"])
    return ", ".join(parts)


def _pairs(body: dict[str, Any]) -> list[str]:
    """What is short enough in a body to be read in passing."""
    return [
        f"{key.replace('_', ' ')}: {_text(value)}"
        for key, value in body.items()
        if key not in LONG and value not in (None, "", [], {}) and not _is_hidden(value)
    ]


def _is_hidden(value: Any) -> bool:
    return isinstance(value, dict) and "erasable" in value


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("head", ", ".join(_pairs(value))))
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return str(value)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"
