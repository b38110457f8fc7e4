"""Notices about requests: which are due, and what they say."""
