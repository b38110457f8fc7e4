"""The SDK's public surface is pinned, light and documented."""

import dataclasses
import inspect
import subprocess
import sys

import plugins_app.sdk as sdk

SURFACE = """
PLUGIN_TYPES SANDBOX_DEFAULT_PRIORITY AccountReport Action ActionContext ActionFailed
ActionPhrases AfterExplore AfterQuery AfterToolCall Answer AnswerTable ApprovalMode Attachment
BeforeExplore BeforeQuery BeforeToolCall BrokenDriverError ColumnDescription Connection
Connections ContextFragment ContextProvider Database Datasource Delivery EntityDraft
ExploreBackend ExploreResult FatalConfigurationError Field ForeignKeyDescription GuardedConnection
HealthResult Hook Hooks Inferred Interaction Logger MissingDriverError OnRequest OnResponse
OutcomeUnknown Parser People Person Plugin PluginConfig PluginConfigError PluginContext
PluginError PluginFactory PluginShapeError PluginType PolicyTable Preview QueryLimits QueryResult
Reconciled Reference Reject Route RowClaims RowPoliciesChangedError Sandbox Security Table
TableDescription Tool ToolContext Tools ValidationResult Waiting WebRequest WebResponse
create_plugin define_plugin fetch_within infer measured require
"""


def test_the_surface_is_exactly_this():
    assert sdk.__all__ == SURFACE.split()


def test_every_public_name_says_what_it_promises():
    # Aliases and constants carry no docstring of their own, and a generated one is a signature.
    undocumented = [
        name
        for name in sdk.__all__
        if (inspect.isclass(thing := getattr(sdk, name)) or inspect.isfunction(thing))
        and (not thing.__doc__ or thing.__doc__.startswith(f"{name}("))
    ]
    assert undocumented == []


def test_the_sdk_imports_neither_django_nor_drivers():
    program = (
        "import sys, plugins_app.sdk, plugins_app.sdk.testing;"
        "print([n for n in ('django', 'atlas', 'psycopg', 'httpx', 'yaml') if n in sys.modules])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "[]"


def test_the_default_priority_is_the_one_of_the_guide():
    assert sdk.SANDBOX_DEFAULT_PRIORITY == 60
    assert sdk.Sandbox(lambda root: None).priority == 60


def test_an_action_is_manual_irreversible_and_sent_once_unless_it_says_otherwise():
    defaults = {f.name: f.default for f in dataclasses.fields(sdk.Action)}
    assert defaults["default_approval"] == "manual"
    assert defaults["delivery"] == "once"
    assert defaults["reversible"] is False
    assert defaults["allow_auto_after_untrusted"] is False
