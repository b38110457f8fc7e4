"""Plugins of this installation."""
