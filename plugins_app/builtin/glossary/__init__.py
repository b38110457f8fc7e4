"""A context plugin that reads the company's own terms from a YAML file."""

from plugins_app.builtin.glossary.plugin import Config, glossary

__all__ = ["Config", "glossary"]
