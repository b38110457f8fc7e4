"""A context plugin that tells the agent what the YAML files of a semantic layer say."""

from plugins_app.reference.yaml_context.plugin import Config, yaml_context

__all__ = ["Config", "yaml_context"]
