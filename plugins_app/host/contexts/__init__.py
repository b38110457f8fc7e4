"""Context fragments of plugins, and the versions that were in use."""
