"""How one request is shown to one person."""
