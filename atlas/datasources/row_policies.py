"""Row policies in force in this process, and the claims that they are told by."""

import json
from collections.abc import Mapping

from django.utils.crypto import salted_hmac

from atlas.accounts.claims import BUILT_IN
from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.common.db import in_db
from atlas.common.operators_file import chosen
from atlas.sql import Catalog, Rejection, ValidatedQuery
from atlas.sql.policies.claims import Value
from atlas.sql.policies.rows import Filters, RowPolicies, filters_for
from atlas.sql.refusal import RefusalError
from atlas.sql.types import Table

_policies = RowPolicies()


def row_policies() -> RowPolicies:
    """The row policies in force in this process."""
    return _policies


def set_row_policies(wanted: RowPolicies) -> None:
    """Put other policies in force; called once at start, before any query."""
    global _policies
    _policies = wanted


def chosen_row_policies(module: object) -> RowPolicies:
    """The `row_policies` of the operator's file; raises AtlasError for anything else."""
    return chosen(module, "row_policies", RowPolicies())


async def filters_of(
    principal: Principal, query: ValidatedQuery, catalog: Catalog
) -> Filters | Rejection:
    """What limits this query for this person; claims are read anew for each query."""
    tables = [table for table in catalog.tables if table.full_name in query.tables]
    if not any(_policies.covering(table) for table in tables):
        return Filters()
    claims = await in_db(claims_of, principal)
    try:
        return filters_for(_policies, claims, tables)
    except RefusalError as refused:
        from atlas.sql.policies.restricting import rejection  # noqa: PLC0415 - slow import of the parser

        return rejection(refused)


def claims_of(principal: Principal) -> Mapping[str, object] | None:
    """What is known of the person, or None for somebody who is not there or not active."""
    user = User.objects.filter(pk=principal.user_id, is_active=True).first()
    if user is None:
        return None
    return {**claims_of_user(user), "role": principal.role.value}


def claims_of_user(user: User) -> Mapping[str, object]:
    """What is known of a person who was read already.

    What the installation itself knows cannot be taken over by a claim of the same name.
    """
    own = user.claims if isinstance(user.claims, dict) else {}
    known = (user.username, user.pk, user.as_role.value)
    return {**own, **dict(zip(BUILT_IN, known, strict=True))}


def covers_names(names: tuple[str, ...]) -> bool:
    """Whether some policy is about one of these relations of another language.

    A validator that names no relation leaves open what is read: any policy may be about it then.
    """
    if not names:
        return bool(_policies.policies)
    return any(_policies.covering(Table(None, name, None)) for name in names)


def digest_of(claims: Mapping[str, tuple[Value, ...]]) -> str:
    """A keyed hash that tells the same claims from others and none of their values."""
    if not claims:
        return ""
    said = json.dumps({name: list(values) for name, values in claims.items()}, sort_keys=True)
    return salted_hmac("atlas.row_policies", said, algorithm="sha256").hexdigest()
