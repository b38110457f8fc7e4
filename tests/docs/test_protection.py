"""The row policies and masks in the documentation do what their page says."""

import re
from pathlib import Path

import pytest

from atlas.sql import Table, ValidatedQuery
from atlas.sql.policies.rows import Test, filters_for
from atlas.sql.refusal import RefusalError
from tests.docs.protection import masks, row_policies, sensitive_queries

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "row-policies.md").read_text()
CUSTOMERS = Table("crm", "customers", ("id", "tenant_id", "email"))
TICKETS = Table("desk", "tickets", ("id", "tenant_id"))


def test_policies_of_the_page() -> None:
    claims = {"org": {"tenant": "acme"}, "teams": [1, 2]}
    found = filters_for(row_policies, claims, [CUSTOMERS, TICKETS]).by_table
    assert found["crm.customers"].any_of == ((Test("tenant_id", ("acme",)),),)
    assert found["desk.tickets"].any_of == (
        (Test("tenant_id", ("acme",)), Test("team_id", (1, 2))),
    )


@pytest.mark.parametrize(
    ("column", "role", "kind"),
    [("email", "analyst", "partial"), ("email", "admin", "none"), ("id", "analyst", "none")],
)
def test_masks_of_the_page(column: str, role: str, kind: str) -> None:
    assert masks.kind_of(CUSTOMERS, column, role) == kind


def test_sensitive_queries_of_the_page() -> None:
    pay, expensive = sensitive_queries.policies
    query = ValidatedQuery("", "postgres", ("hr.salaries",), ("salaries.amount",), "")
    assert (pay.reads(query), pay.admin_only) == (("salaries.amount",), True)
    assert (expensive.cost, expensive.reads(query)) == (1_000_000, ("",))


def test_page_names_every_refusal() -> None:
    with pytest.raises(RefusalError) as refused:
        filters_for(row_policies, {}, [TICKETS])
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert refused.value.code in named
    assert named == {
        "no_person",
        "no_claim",
        "bad_claim",
        "no_policy_column",
        "policy_no_place",
        "ambiguous_column",
        "masked_filter",
        "masked_unclear",
    }
