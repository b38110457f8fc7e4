"""What runs Atlas as processes: local PostgreSQL, logins, servers and shutdown."""
