"""Worked examples of every plugin type, ready for use and written against the SDK only."""
