"""What goes on in the background: health, status in Postgres, leases and repairs."""
