"""Plugins that come with every installation, written against the SDK only."""
