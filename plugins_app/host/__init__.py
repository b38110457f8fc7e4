"""The host of plugins: registry, lifecycle, calls with deadlines, and what plugins contribute."""
