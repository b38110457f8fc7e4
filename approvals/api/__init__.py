"""Requests over HTTP for programs."""
