"""Claims queued runs and drives the agent."""
