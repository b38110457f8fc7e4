"""Declared tables become statements, and impossible ones are refused before any runs."""

import pytest

from plugins_app.host.tables.names import (
    add_column,
    add_reference,
    check_tables,
    constraint_name,
    create_table,
    table_name,
)
from plugins_app.sdk import Field, Plugin, PluginError, Reference, Table


class Provider:
    def load(self):
        return ""


def plugin(plugin_id="p", **schema):
    return Plugin(
        id=plugin_id, types=("context",), version="1", context_provider=Provider(), schema=schema
    )


@pytest.mark.parametrize(
    ("plugin_id", "name", "full"),
    [
        ("jira", "tickets", "plugin_jira_tickets"),
        ("my-plugin", "cache", "plugin_my_plugin_cache"),
        ("My-Plugin", "cache", "plugin_my_plugin_cache"),
    ],
)
def test_names_are_prefixed(plugin_id, name, full):
    assert table_name(plugin_id, name) == full


def test_each_field_type_becomes_its_column():
    table = Table(
        {
            "key": Field("string", required=True, unique=True),
            "count": Field("number", default=3),
            "open": Field("boolean", required=True, default=False),
            "at": Field("date", default="now"),
            "note": Field("string", default="it's"),
        }
    )
    assert create_table("plugin_p_cache", table).as_string() == (
        'CREATE TABLE "plugin_p_cache" (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), '
        '"key" TEXT NOT NULL UNIQUE, "count" INTEGER DEFAULT 3, '
        '"open" BOOLEAN NOT NULL DEFAULT false, "at" TIMESTAMPTZ DEFAULT now(), '
        "\"note\" TEXT DEFAULT 'it''s', "
        "created_at TIMESTAMPTZ NOT NULL DEFAULT now(), "
        "updated_at TIMESTAMPTZ NOT NULL DEFAULT now())"
    )


def test_a_declared_updated_at_is_not_made_twice():
    table = Table({"updated_at": Field("date")})
    assert create_table("t", table).as_string().count("updated_at") == 1


COLUMN_TYPES = [
    ("string", "TEXT"),
    ("number", "INTEGER"),
    ("boolean", "BOOLEAN"),
    ("date", "TIMESTAMPTZ"),
    ("uuid", "UUID"),
    ("json", "JSONB"),
    ("bigint", "BIGINT"),
    ("float", "DOUBLE PRECISION"),
]


@pytest.mark.parametrize(("kind", "column"), COLUMN_TYPES)
def test_field_types_are_those_of_the_guide_and_four_more(kind, column):
    assert add_column("t", "c", Field(kind)).as_string().endswith(f'ADD COLUMN "c" {column}')


def test_a_reference_has_a_name_that_is_never_too_long():
    assert add_reference("plugin_p_a", "b", "plugin_p_c", Reference("c")).as_string() == (
        'ALTER TABLE "plugin_p_a" ADD CONSTRAINT "plugin_p_a_b_fkey"'
        ' FOREIGN KEY ("b") REFERENCES "plugin_p_c" ("id")'
    )
    first, second = (constraint_name("t" * 63, name) for name in ("a", "b"))
    assert (len(first), first != second) == (63, True)


def test_a_new_field_becomes_a_new_column():
    assert add_column("t", "n", Field("number")).as_string() == (
        'ALTER TABLE "t" ADD COLUMN "n" INTEGER'
    )


REFUSED = [
    (plugin(**{"t" * 60: Table()}), "has a name of more than 63 bytes"),
    (plugin(t=Table({"c" * 64: Field("string")})), "a column has a name of more than 63 bytes"),
    (plugin(t=Table({"id": Field("string")})), "declares id, which is added by itself"),
    (plugin(t=Table({"created_at": Field("string")})), "created_at with a type other than date"),
    (plugin(t=Table({"xmin": Field("number")})), "declares xmin, a name PostgreSQL reserves"),
]


@pytest.mark.parametrize(("broken", "message"), REFUSED)
def test_impossible_tables_are_refused(broken, message):
    with pytest.raises(PluginError, match=message):
        check_tables(broken)


def test_tables_of_two_plugins_that_share_a_name_are_refused():
    with pytest.raises(PluginError, match="plugin_a_b_c is declared twice, or by another plugin"):
        check_tables(plugin("a_b", c=Table()), taken={table_name("a-b", "c")})
    with pytest.raises(PluginError, match="plugin_a_b_c is declared twice"):
        check_tables(plugin("a", b_c=Table()), taken={table_name("a_b", "c")})
