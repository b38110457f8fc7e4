"""Everything a plugin author needs; `__all__` is the contract."""

from plugins_app.sdk.action import (
    Action,
    ActionPhrases,
    ApprovalMode,
    Delivery,
    Preview,
    Reconciled,
)
from plugins_app.sdk.config import PluginConfig
from plugins_app.sdk.context import ContextFragment, ContextProvider
from plugins_app.sdk.datasource import (
    AccountReport,
    Connection,
    Datasource,
    EntityDraft,
    QueryLimits,
    QueryResult,
    ValidationResult,
)
from plugins_app.sdk.errors import (
    ActionFailed,
    BrokenDriverError,
    FatalConfigurationError,
    MissingDriverError,
    OutcomeUnknown,
    PluginConfigError,
    PluginError,
    PluginShapeError,
    Reject,
)
from plugins_app.sdk.factory import Parser, PluginFactory, create_plugin, define_plugin
from plugins_app.sdk.fetching import fetch_within
from plugins_app.sdk.health import HealthResult, measured
from plugins_app.sdk.hooks import (
    AfterExplore,
    AfterQuery,
    AfterToolCall,
    BeforeExplore,
    BeforeQuery,
    BeforeToolCall,
    Hook,
    Hooks,
    OnRequest,
    OnResponse,
)
from plugins_app.sdk.host import (
    ActionContext,
    Attachment,
    Connections,
    Database,
    GuardedConnection,
    Logger,
    PluginContext,
    Tools,
)
from plugins_app.sdk.inference import Inferred, infer
from plugins_app.sdk.interaction import Interaction, Route, WebRequest, WebResponse
from plugins_app.sdk.introspection import (
    ColumnDescription,
    ForeignKeyDescription,
    TableDescription,
)
from plugins_app.sdk.optional import require
from plugins_app.sdk.people import Answer, AnswerTable, People, Person, Waiting
from plugins_app.sdk.plugin import PLUGIN_TYPES, Plugin, PluginType
from plugins_app.sdk.row_policies import PolicyTable, RowClaims, RowPoliciesChangedError
from plugins_app.sdk.sandbox import (
    SANDBOX_DEFAULT_PRIORITY,
    ExploreBackend,
    ExploreResult,
    Sandbox,
    Security,
)
from plugins_app.sdk.tables import Field, Reference, Table
from plugins_app.sdk.tools import Tool, ToolContext

__all__ = [
    "PLUGIN_TYPES",
    "SANDBOX_DEFAULT_PRIORITY",
    "AccountReport",
    "Action",
    "ActionContext",
    "ActionFailed",
    "ActionPhrases",
    "AfterExplore",
    "AfterQuery",
    "AfterToolCall",
    "Answer",
    "AnswerTable",
    "ApprovalMode",
    "Attachment",
    "BeforeExplore",
    "BeforeQuery",
    "BeforeToolCall",
    "BrokenDriverError",
    "ColumnDescription",
    "Connection",
    "Connections",
    "ContextFragment",
    "ContextProvider",
    "Database",
    "Datasource",
    "Delivery",
    "EntityDraft",
    "ExploreBackend",
    "ExploreResult",
    "FatalConfigurationError",
    "Field",
    "ForeignKeyDescription",
    "GuardedConnection",
    "HealthResult",
    "Hook",
    "Hooks",
    "Inferred",
    "Interaction",
    "Logger",
    "MissingDriverError",
    "OnRequest",
    "OnResponse",
    "OutcomeUnknown",
    "Parser",
    "People",
    "Person",
    "Plugin",
    "PluginConfig",
    "PluginConfigError",
    "PluginContext",
    "PluginError",
    "PluginFactory",
    "PluginShapeError",
    "PluginType",
    "PolicyTable",
    "Preview",
    "QueryLimits",
    "QueryResult",
    "Reconciled",
    "Reference",
    "Reject",
    "Route",
    "RowClaims",
    "RowPoliciesChangedError",
    "Sandbox",
    "Security",
    "Table",
    "TableDescription",
    "Tool",
    "ToolContext",
    "Tools",
    "ValidationResult",
    "Waiting",
    "WebRequest",
    "WebResponse",
    "create_plugin",
    "define_plugin",
    "fetch_within",
    "infer",
    "measured",
    "require",
]
