"""A self-hosted AI data analyst for one team."""

__version__ = "0.1.0"
