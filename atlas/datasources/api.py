"""The guard over HTTP for programs: would this query run, and what would apply to it?"""

from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import Field

from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.accounts.roles import Scope
from atlas.common.api import ApiModel, api, body_of
from atlas.common.errors import NotAllowed
from atlas.common.jsonable import clean_text
from atlas.sql.types import Rejection
from plugins_app.host.calling import sync

if TYPE_CHECKING:
    from atlas.semantic.layer import SemanticLayer

MOST_CHARACTERS = 1_000_000


class Asking(ApiModel):
    """One query; "" is the datasource whose layer was loaded last."""

    sql: str = Field(max_length=MOST_CHARACTERS)
    datasource: str = Field(default="", max_length=80)


class Place(ApiModel):
    """Where in the text the offending piece begins; both count from 1."""

    line: int
    column: int


class Verdict(ApiModel):
    """Whether the query would run for the caller; `code` and what follows it say why not.

    `rendered` is the text that would be sent, without the values of row policies. `approval` names
    the policies by which somebody would have to approve it first.
    """

    verdict: Literal["allow", "deny"]
    datasource: str
    code: str | None = None
    stage: str | None = None
    message: str | None = None
    offending: str | None = None
    position: Place | None = None
    suggestion: str | None = None
    tables: list[str] = Field(default_factory=list)
    columns: list[str] = Field(default_factory=list)
    rendered: str | None = None
    row_policies: list[str] = Field(default_factory=list)
    masks: dict[str, str] = Field(default_factory=dict)
    approval: list[str] = Field(default_factory=list)


@api("POST")
def validate_sql(request: HttpRequest) -> dict[str, Any]:
    """Check one query as if the caller asked it; nothing is run and nothing is recorded."""
    caller = request.user
    if not isinstance(caller, User) or not caller.may_ask:
        message = _("Your role lets you read conversations, not ask. An admin can change it.")
        raise NotAllowed(message)
    if Scope.ASK not in caller.scopes:
        raise NotAllowed(_("This API key may not ask. Make one that may."))
    from atlas.datasources.semantic import needed_layer  # noqa: PLC0415 - slow import of the parser

    body = body_of(request, Asking)
    layer = needed_layer(clean_text(body.datasource))
    datasource = body.datasource or layer.source.datasource
    verdict = sync.run(_verdict(Principal.of(caller), datasource, body.sql, layer))
    return verdict.model_dump(mode="json")


async def _verdict(who: Principal, datasource: str, sql: str, layer: "SemanticLayer") -> Verdict:
    from atlas.datasources.journal import Asked  # noqa: PLC0415 - slow import of the guard's parser
    from atlas.datasources.previewing import preview  # noqa: PLC0415 - slow import of the parser

    found = await preview(Asked(who, datasource, sql, "check", governed=False), layer)
    if isinstance(found, Rejection):
        return _denied(datasource, found)
    return Verdict(
        verdict="allow",
        datasource=datasource,
        tables=list(found.query.tables),
        columns=list(found.query.columns),
        rendered=found.query.sql,
        row_policies=list(found.applied.row_policies),
        masks=dict(found.applied.masks),
        approval=list(found.applied.approval),
    )


def _denied(datasource: str, found: Rejection) -> Verdict:
    at = found.position
    return Verdict(
        verdict="deny",
        datasource=datasource,
        code=found.code,
        stage=found.stage,
        message=found.message,
        offending=found.offending or None,
        position=None if at is None else Place(line=at.line, column=at.column),
        suggestion=found.suggestion,
    )
