"""The door to allow rules: admins make, replace and revoke them, and requests pass by them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from approvals.allow_rules.allowances import Asked, Passing, bar_of, fits
from approvals.allow_rules.models import AllowRule
from approvals.enums import Kind, Mode
from approvals.errors import Conflict
from approvals.models import ActionRequest
from approvals.policies import Proposed, Requirements
from approvals.rules.conditions import Condition
from atlas.accounts.models import User
from atlas.accounts.roles import Role, Scope
from atlas.accounts.services import is_admin_now
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.common.clock import database_now
from atlas.common.errors import BadInput, NotAllowed, NotFound
from atlas.common.jsonable import JSON, clean_text, jsonable
from plugins_app.host.facets.actions import RegisteredAction

LONGEST = timedelta(days=366)
MOST_IN_FORCE = 200
MAX_NAME = 120
MAX_CONDITIONS = 50


@dataclass(frozen=True)
class RuleDraft:
    """What an admin writes down; without `asker` it is for everybody who may ask."""

    name: str
    conditions: tuple[Condition, ...]
    ends_at: datetime
    asker: User | None = None


def make(source: ActionRequest, wanted: RuleDraft, *, by: User) -> AllowRule:
    """Allow in advance what is like the `source` request and fits `wanted`.

    A second click gives the rule of the first. Raises `NotAllowed` for anybody but an admin,
    `Conflict` for a kind of request that no rule may decide, `BadInput` for a rule without name,
    condition or end.
    """
    with transaction.atomic():
        _check_admin(by)
        # Two clicks at once: the second waits here, and finds the rule of the first.
        ActionRequest.objects.select_for_update(of=("self",)).get(pk=source.pk)
        rule = _made_before(source, wanted, by)
        if rule is None:
            rule = _stored(source, wanted, by, None)
            _record(AuditEvent.ALLOW_RULE_MADE, rule, by)
    return rule


def change(rule_id: int, source: ActionRequest, wanted: RuleDraft, *, by: User) -> AllowRule:
    """Replace a rule that is in force by another one; raises as `make` and `revoke`."""
    with transaction.atomic():
        _check_admin(by)
        old = _revoked(rule_id, by)
        new = _stored(source, wanted, by, old)
        _record(AuditEvent.ALLOW_RULE_CHANGED, new, by, replaces=old.pk)
    return new


def revoke(rule_id: int, *, by: User) -> AllowRule:
    """End a rule at once; what passed by it and has not begun lapses.

    A second click changes nothing. Raises `NotAllowed` for anybody but an admin, `NotFound`.
    """
    with transaction.atomic():
        _check_admin(by)
        rule = AllowRule.objects.select_for_update().filter(pk=rule_id).first()
        if rule is None:
            raise NotFound(_("There is no such rule. Look for it in the list of rules."))
        if rule.revoked_at is None:
            rule = _revoked(rule_id, by)
            _record(AuditEvent.ALLOW_RULE_REVOKED, rule, by)
    return rule


def in_force() -> QuerySet[AllowRule]:
    """The rules that count at this moment: not over, not revoked, and of an active admin."""
    return AllowRule.objects.filter(
        revoked_at=None,
        ends_at__gt=Now(),
        made_by__is_active=True,
        made_by__role=Role.ADMIN,
    )


def passed(
    required: Requirements,
    proposed: Proposed,
    action: RegisteredAction,
    asker: User,
    passing: Passing = Passing.YES,
) -> Requirements:
    """The requirements of a proposal, or none but its rule when an allow rule lets it pass.

    After the agent has read data no rule lets anything pass, unless the action says that this
    may not matter, and none does by name only; the rule that would have is named.
    """
    if bar_of(required) is not None:
        return required
    rule = _rule_for(_asked_of(action, proposed.facts.arguments, asker))
    if rule is None:
        return required
    withheld = []
    if proposed.is_untrusted and not proposed.allows_untrusted:
        withheld.append("rule_untrusted")
    if passing is Passing.BY_NAME:
        withheld.append("rule_attachments")
    mode = required.mode if withheld else Mode.AUTO
    reasons = (*required.reasons, *withheld)
    return replace(required, mode=mode, reasons=reasons, allowed_by=rule.allowed_by)


def _rule_for(asked: Asked) -> AllowRule | None:
    """The oldest rule in force that fits."""
    rules = in_force().filter(action=asked.action).order_by("id")
    return next((rule for rule in rules if fits(rule.allowance, asked)), None)


def _asked_of(action: RegisteredAction, arguments: Mapping[str, object], asker: User) -> Asked:
    """A proposal as rules are held against it."""
    return Asked(action.spec.name, action.plugin_id, action.fingerprint, arguments, asker.pk)


def _made_before(source: ActionRequest, wanted: RuleDraft, by: User) -> AllowRule | None:
    """The rule in force that says the same, of the same admin and the same card."""
    equal = in_force().filter(
        made_from=source,
        made_by_id=by.pk,
        name=_name(wanted),
        conditions=_kept(wanted),
        ends_at=wanted.ends_at,
        is_for_all=wanted.asker is None,
        asker=wanted.asker,
    )
    return equal.first()


def _name(wanted: RuleDraft) -> str:
    return " ".join(clean_text(wanted.name).split())


def _kept(wanted: RuleDraft) -> list[JSON]:
    """The conditions as they are stored."""
    return [jsonable(asdict(one)) for one in wanted.conditions]


def _stored(
    source: ActionRequest, wanted: RuleDraft, by: User, replaces: AllowRule | None
) -> AllowRule:
    name = _name(wanted)
    _check(source, wanted, name)
    rule = AllowRule.objects.create(
        name=name,
        action=source.action,
        plugin_id=source.plugin_id,
        fingerprint=source.fingerprint,
        conditions=_kept(wanted),
        is_for_all=wanted.asker is None,
        asker=wanted.asker,
        asker_name=str(wanted.asker or ""),
        made_by_id=by.pk,
        made_by_name=str(by),
        made_from=source,
        replaces=replaces,
        ends_at=wanted.ends_at,
    )
    rule.refresh_from_db()
    return rule


def _check(source: ActionRequest, wanted: RuleDraft, name: str) -> None:
    if source.kind != Kind.ACTION or source.mode != Mode.MANUAL:
        raise Conflict(
            _("No rule may decide requests of this kind. Decide each by itself."),
            code="not_allowable",
        )
    if not name or len(name) > MAX_NAME:
        raise BadInput(_("Give the rule a name of at most 120 characters; cards show it."))
    if not _is_narrow(wanted.conditions, source.arguments):
        raise BadInput(_("Say for at least one value what it has to be."))
    now = database_now()
    if not now < wanted.ends_at <= now + LONGEST:
        raise BadInput(_("Let the rule end on a day that is still to come, within a year."))
    if in_force().count() >= MOST_IN_FORCE:
        raise Conflict(_("There are 200 rules in force. Revoke some that are not needed."))


def _is_narrow(conditions: Sequence[Condition], arguments: Mapping[str, object]) -> bool:
    return len(conditions) <= MAX_CONDITIONS and bool(conditions or not arguments)


def _revoked(rule_id: int, by: User) -> AllowRule:
    ended = AllowRule.objects.filter(pk=rule_id, revoked_at=None).update(
        revoked_at=Now(), revoked_by_name=str(by)
    )
    if not ended:
        raise Conflict(_("This rule was revoked already; nothing more is needed."))
    return AllowRule.objects.get(pk=rule_id)


def _check_admin(person: User) -> None:
    if Scope.DECIDE not in person.scopes or not is_admin_now(person):
        raise NotAllowed(_("Only an admin can allow something in advance. Ask one."))


def _record(event: AuditEvent, rule: AllowRule, by: User, **details: object) -> None:
    record(
        event,
        actor=by,
        subject=f"allow rule {rule.pk}",
        body={
            "name": rule.name,
            "action": rule.action,
            "plugin": rule.plugin_id,
            "conditions": rule.conditions,
            # By number: names of people stand only where they can be erased.
            "asker": rule.asker_id,
            "is_for_all": rule.is_for_all,
            "ends_at": rule.ends_at.isoformat(),
            "made_from": rule.made_from_id,
            **details,
        },
    )
