"""define_plugin refuses every broken shape and names the plugin and the property."""

import dataclasses
import re

import pytest
from pydantic import BaseModel

from plugins_app.sdk import (
    PLUGIN_TYPES,
    Action,
    BeforeQuery,
    Datasource,
    EntityDraft,
    Field,
    Hook,
    Hooks,
    Interaction,
    Plugin,
    PluginShapeError,
    Reference,
    Route,
    Sandbox,
    Table,
    define_plugin,
)


class Arguments(BaseModel):
    title: str


class Provider:
    def load(self):
        return ""


def nothing(*args):
    return None


def action(**changes):
    given = {
        "name": "do",
        "description": "Do it",
        "arguments": Arguments,
        "execute": nothing,
        "action_type": "thing:do",
    }
    return Action(**(given | changes))


def plugin(**changes):
    given = {"id": "p", "types": ("context",), "version": "1.0.0", "context_provider": Provider()}
    return Plugin(**(given | changes))


def with_datasource(**changes):
    given = {"create": nothing, "db_type": "postgres"}
    facet = Datasource(**(given | changes))
    return plugin(types=("datasource",), context_provider=None, datasource=facet)


def with_action(**changes):
    return plugin(types=("action",), context_provider=None, actions=(action(**changes),))


def with_table(name="t", **fields):
    return plugin(schema={name: Table(fields)})


def with_sandbox(**changes):
    facet = Sandbox(**({"create": nothing} | changes))
    return plugin(types=("sandbox",), context_provider=None, sandbox=facet)


ONE_OF_EACH = {
    "datasource": with_datasource(),
    "context": plugin(),
    "interaction": plugin(types=("interaction",), context_provider=None, interaction=Interaction()),
    "action": with_action(),
    "sandbox": with_sandbox(),
}


@pytest.mark.parametrize("plugin_type", PLUGIN_TYPES)
def test_each_type_alone_is_accepted(plugin_type):
    one = ONE_OF_EACH[plugin_type]
    assert define_plugin(one) is one


def test_a_plugin_may_have_several_types():
    both = plugin(types=("context", "action"), actions=(action(),))
    assert define_plugin(both) is both


def test_an_action_plugin_may_offer_no_action():
    define_plugin(plugin(types=("action",), context_provider=None))


BROKEN = [
    (plugin(id=""), "id must start with a letter and hold letters, digits, - and _, at most 64"),
    (plugin(id="1st"), "id must start with a letter and hold letters, digits, - and _, at most 64"),
    (plugin(id="a" * 65), "id must start with a letter and hold letters, digits, - and _, "),
    (plugin(version=" "), "version must not be empty"),
    (plugin(types=()), "types must be a tuple of at least one of datasource, context,"),
    (plugin(types=["context"]), "types must be a tuple of at least one of datasource"),
    (plugin(types=("query",)), "types holds 'query'; allowed are datasource, context,"),
    (plugin(types=("context", "context")), "types names a type twice"),
    (plugin(context_provider=None), "types contains 'context', so context_provider must be given"),
    (plugin(sandbox=Sandbox(nothing)), "sandbox is given, so types must contain 'sandbox'"),
    (plugin(actions=(action(),)), "actions is given, so types must contain 'action'"),
    (plugin(context_provider=object()), "context_provider.load must be callable"),
    (plugin(initialize="now"), "initialize must be callable"),
    (plugin(health_check=1), "health_check must be callable"),
    (plugin(teardown=1), "teardown must be callable"),
    (with_datasource(create=None), "datasource.create must be callable"),
    (with_datasource(db_type=""), "datasource.db_type must be a text that is not empty"),
    (with_datasource(parser_dialect=" "), "datasource.parser_dialect must be a text"),
    (with_datasource(validate=1), "datasource.validate must be callable"),
    (with_datasource(language="soql"), "datasource.validate is needed when datasource.language"),
    (with_datasource(forbidden_patterns=["COPY"]), "each of datasource.forbidden_patterns must be"),
    (with_datasource(entities=({"name": "x"},)), "each of datasource.entities must be a EntityDr"),
    (with_sandbox(create=None), "sandbox.create must be callable"),
    (with_sandbox(priority=float("nan")), "sandbox.priority must be a finite number"),
    (with_sandbox(priority=True), "sandbox.priority must be a finite number"),
    (with_action(name="do it"), "the name of an action must be a Python name of at most 64"),
    (with_action(description=""), "action do: description must be a text that is not empty"),
    (with_action(action_type=""), "action do: action_type must be a text that is not empty"),
    (with_action(arguments=dict), "action do: arguments must be a pydantic model class"),
    (with_action(execute=None), "action do: execute must be callable"),
    (with_action(preview="x"), "action do: preview must be callable"),
    (with_action(default_approval="all"), "action do: default_approval must be one of manual,"),
    (with_action(delivery="twice"), "action do: delivery must be one of once, idempotent, recon"),
    (with_action(timeout_s=0), "action do: timeout_s must be greater than 0"),
    (with_action(reversible=True), "action do: roll_back must be given when reversible is True"),
    (with_action(delivery="reconcilable"), "action do: reconcile must be given when delivery is"),
    (with_action(data_fields=("body",)), "action do: data_fields names unknown arguments body"),
    (plugin(hooks={"before_query": []}), "hooks must be a Hooks"),
    (plugin(hooks=Hooks(before_query=(nothing,))), "each of hooks.before_query must be a Hook"),
    (plugin(hooks=Hooks(before_query=(Hook(None),))), "hooks.before_query handler must be callab"),
    (
        plugin(hooks=Hooks(before_query=(Hook(nothing, matcher=1),))),
        "hooks.before_query matcher must be callable",
    ),
    (plugin(schema=[]), "schema must be a Mapping"),
    (with_table(name="Cache"), "schema.Cache must be lower-case letters, digits and _"),
    (with_table(key="string"), "schema.t.key must be a Field"),
    (with_table(Key=Field("string")), "schema.t.Key must be lower-case letters, digits and _"),
    (with_table(key=Field("text")), "schema.t.key: type must be one of string, number, boolean,"),
    (with_table(n=Field("number", default=float("nan"))), "schema.t.n: default must be of type i"),
    (with_table(n=Field("number", default=True)), "schema.t.n: default must be of type int"),
    (with_table(at=Field("date", default="2020")), "schema.t.at: default of a date must be now"),
    (
        plugin(
            types=("interaction",),
            context_provider=None,
            interaction=Interaction(routes=(Route("/x", None),)),
        ),
        "interaction.routes handler must be callable",
    ),
]


@pytest.mark.parametrize(("broken", "message"), BROKEN, ids=[message[:60] for _, message in BROKEN])
def test_a_broken_shape_is_refused(broken, message):
    with pytest.raises(PluginShapeError) as caught:
        define_plugin(broken)
    assert str(caught.value).startswith(f'Plugin "{broken.id}": {message}')


def test_two_actions_of_one_name_are_refused():
    twice = plugin(types=("action",), context_provider=None, actions=(action(), action()))
    with pytest.raises(PluginShapeError, match="actions names 'do' twice"):
        define_plugin(twice)


def test_patterns_entities_and_validators_are_accepted():
    define_plugin(
        with_datasource(
            forbidden_patterns=(re.compile(r"\bCOPY\b"),),
            entities=(EntityDraft("users", "table: users"),),
            language="soql",
            validate=nothing,
        )
    )
    define_plugin(with_datasource(entities=lambda: []))


def test_hooks_and_tables_are_accepted():
    define_plugin(
        plugin(
            hooks=Hooks(before_query=(Hook(nothing, matcher=lambda event: True),)),
            schema={"cache": Table({"key": Field("string", required=True, unique=True)})},
        )
    )


def test_something_else_is_refused():
    with pytest.raises(PluginShapeError, match=r"A plugin must be a plugins_app\.sdk\.Plugin"):
        define_plugin({"id": "x"})


def test_every_hook_point_has_an_event():
    assert Hooks.points() == (
        "before_query",
        "after_query",
        "before_explore",
        "after_explore",
        "before_tool_call",
        "after_tool_call",
        "on_request",
        "on_response",
    )
    assert dataclasses.asdict(BeforeQuery("SELECT 1"))["sql"] == "SELECT 1"


TABLES = [
    ({"a": Field("uuid", default="x")}, "t.a: a uuid cannot have a default"),
    ({"a": Field("json", default="{}")}, "t.a: a json cannot have a default"),
    ({"a": Field("float", default=float("nan"))}, "t.a: default must be a finite number"),
    ({"a": Field("float", default=float("inf"))}, "t.a: default must be a finite number"),
    ({"a": Field("number", default=1.5)}, "t.a: default must be of type int"),
    ({"a": Field("number", default=2**31)}, "t.a: default is too large for a number"),
    ({"a": Field("bigint", default=2**63)}, "t.a: default is too large for a bigint"),
    ({"a": Field("string", default="a\0")}, "t.a: default must not contain a NUL character"),
    ({"a": Field("boolean", default="yes")}, "t.a: default must be of type bool"),
    ({"a": Field("uuid", references="t")}, "t.a: references must be a Reference"),
    (
        {"a": Field("uuid", references=Reference("other"))},
        "t.a references other, which is no table of this plugin",
    ),
    (
        {"a": Field("uuid", references=Reference("t", "b"))},
        "t.a references t.b, which is no field of that table",
    ),
    (
        {"a": Field("string", references=Reference("t"))},
        "t.a must be of type uuid, as t.id is",
    ),
    (
        {"a": Field("string", references=Reference("t", "b")), "b": Field("string")},
        "t.a references t.b, which is not unique",
    ),
]


@pytest.mark.parametrize(("fields", "message"), TABLES)
def test_a_broken_table_is_refused(fields, message):
    with pytest.raises(PluginShapeError) as caught:
        define_plugin(plugin(schema={"t": Table(fields)}))
    assert str(caught.value) == f'Plugin "p": schema.{message}.'


def test_a_table_may_refer_to_itself():
    define_plugin(plugin(schema={"t": Table({"a": Field("uuid", references=Reference("t"))})}))
