"""How a proposal becomes a request, and a request a new version."""
