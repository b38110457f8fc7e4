"""Allow rules over HTTP for programs, to read only: they are made and ended on pages."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from approvals.allow_rules.lists import ListedRule, listed_rules
from approvals.api.requests import caller_of
from atlas.common.api import ApiModel, api
from atlas.common.errors import NotAllowed


class ConditionOut(ApiModel):
    """What one argument has to be."""

    field: str
    operator: str
    value: Any


class RuleOut(ApiModel):
    """A rule in force; without `asker` it is for everybody who may ask."""

    id: int
    name: str
    action: str
    plugin: str
    words: str
    conditions: list[ConditionOut]
    asker: str | None
    made_by: str
    made_at: datetime
    ends_at: datetime
    passes: int


class Rules(ApiModel):
    """The rules in force, the newest first."""

    rules: list[RuleOut]


@api("GET")
def rules(request: HttpRequest) -> dict[str, Any]:
    """What admins allow in advance at this moment; for admins."""
    if not caller_of(request).is_atlas_admin:
        raise NotAllowed(_("Only an admin can read the allow rules. Ask one."))
    in_force, _ended = listed_rules()
    return Rules(rules=[_out(listed) for listed in in_force]).model_dump(mode="json")


def _out(listed: ListedRule) -> RuleOut:
    rule = listed.rule
    return RuleOut(
        id=rule.pk,
        name=rule.name,
        action=rule.action,
        plugin=rule.plugin_id,
        words=listed.words.text,
        conditions=[ConditionOut.model_validate(one) for one in rule.conditions],
        asker=None if rule.is_for_all else rule.asker_name,
        made_by=rule.made_by_name,
        made_at=rule.made_at,
        ends_at=rule.ends_at,
        passes=listed.passes,
    )
