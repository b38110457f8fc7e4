"""What Atlas stands on: local PostgreSQL, its logins and secrets, migration and diagnosis."""
