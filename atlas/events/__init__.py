"""Run events: written once in windows, replayed from Postgres, followed live."""
