"""The pages on which requests are read and decided."""
