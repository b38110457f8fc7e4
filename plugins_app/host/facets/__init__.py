"""What plugins contribute, each kind behind its own door."""
