"""Requests and allow rules over HTTP for programs."""
