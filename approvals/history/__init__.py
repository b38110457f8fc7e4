"""What was decided, and how it went on the whole."""
